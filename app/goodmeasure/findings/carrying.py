"""Detectors of more than was needed: `context_heavy`, `cold_cache`, `tool_overhead`, `oversized_model`."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, permutations
from statistics import median, quantiles

from goodmeasure.domain.findings import Detector, Finding, LookedAtRun, ModelCall, Saving
from goodmeasure.domain.work import Offered
from goodmeasure.findings.going_round import first_time_right
from goodmeasure.findings.stretches import DAY_MS, MINUTE_MS, Reserve, by_project, finding

CONTEXT_TOKENS = 75_000
CONTEXT_PER_OUTPUT = 25
CONTEXT_PER_OUTPUT_FINE = 15
READ_WEIGHT = 0.10
WRITE_WEIGHT = 1.25
GROWTH = 2.0
GROWTH_WITHIN_MS = 7 * DAY_MS
COLD_RETURNS = 3
COLD_SHARE = 0.5
COLD_CONTEXT_TOKENS = 20_000
SHORT_KEPT_MS = 5 * MINUTE_MS
LONG_KEPT_MS = 60 * MINUTE_MS
WARM_UP_RUNS = 10
WARM_UP_RATIO = 1.4
WARM_UP_USUAL_TOKENS = 50_000
SERVER_TOOLS = 10
SERVER_SHARE = 0.2
SERVER_RUNS = 2
MODEL_TURNS = 20
MODEL_MARGIN = 0.05
MODEL_CHEAPER = 0.8
_MCP = "mcp__"


def weighted_context(calls: Sequence[ModelCall]) -> tuple[float, int] | None:
    """Return (what was read by the model, tokens it wrote) of one session; None where the log does not count them.

    What was read: input + 0.10 × cache read + 1.25 × cache write, close to what each costs beside fresh input. Cache
    writes that a source does not tell count nothing.
    """
    context, output = 0.0, 0
    for call in calls:
        if call.input_tokens is None or call.output_tokens is None:
            return None
        written = (call.cache_write_5m_tokens or 0) + (call.cache_write_1h_tokens or 0)
        context += call.input_tokens + READ_WEIGHT * (call.cache_read_tokens or 0) + WRITE_WEIGHT * written
        output += call.output_tokens
    return context, output


def context_heavy(runs: Iterable[LookedAtRun], reserve: Reserve) -> list[Finding]:
    """Find sessions in which much was read for little that was written.

    In one session the weighted context (`weighted_context`) is 75,000 tokens or more, and 25 times the output or more.
    Excess: what is beyond 15 times the output. Said beside it where it doubled against the project's run before, of
    the last 7 days.
    """
    found = []
    for project, here in by_project(runs).items():
        factor = reserve(Detector.CONTEXT_HEAVY, project)
        heavy: list[tuple[float, float, LookedAtRun]] = []
        for run in here:
            context, output = _heaviest(run)
            if context >= CONTEXT_TOKENS * factor and context >= CONTEXT_PER_OUTPUT * output:
                heavy.append((context - CONTEXT_PER_OUTPUT_FINE * output, context, run))
        if heavy:
            heavy.sort(key=lambda one: -one[0])
            excess, context, plainest = heavy[0]
            seen: dict[str, int | float | str] = {
                "runs": len(heavy),
                "context_tokens": round(context),
                "excess_tokens": round(excess),
            }
            growth = _growth(plainest, here)
            if growth is not None:
                seen["growth"] = round(growth, 1)
            found.append(finding(Detector.CONTEXT_HEAVY, [run for _, _, run in heavy], seen))
    return found


def _sessions(run: LookedAtRun) -> list[list[ModelCall]]:
    found: dict[int, list[ModelCall]] = defaultdict(list)
    for call in run.calls:
        found[call.session].append(call)
    return list(found.values())


def _heaviest(run: LookedAtRun) -> tuple[float, int]:
    """Return the weighted context and output of a run's heaviest session that can be told."""
    told = [both for calls in _sessions(run) if (both := weighted_context(calls)) is not None]
    return max(told, default=(0.0, 0))


def _growth(run: LookedAtRun, here: Sequence[LookedAtRun]) -> float | None:
    """Return how many times the context of the project's run before it has become, from twice on."""
    began = run.started_at
    if began is None:
        return None
    before = [
        other for other in here if other.started_at is not None and began - GROWTH_WITHIN_MS <= other.started_at < began
    ]
    if not before:
        return None
    earlier, _ = _heaviest(max(before, key=lambda other: other.started_at or 0))
    now, _ = _heaviest(run)
    return now / earlier if earlier and now >= GROWTH * earlier else None


def cold_cache(runs: Iterable[LookedAtRun], reserve: Reserve) -> list[Finding]:
    """Find contexts that were sent anew because the provider's cache had gone cold, and dear beginnings.

    In a project over the period: 3 or more calls that wrote half of a context of 20,000 tokens or more into the cache
    after a pause longer than what the session's caches are kept (60 minutes where it wrote such, else 5); or 10 or
    more runs whose first call writes anything, in the median over 1.4 times the usual. Usual: the lower quartile of
    the other projects' runs where there are 10 or more, else 50,000 tokens. Sources that tell no cache writes tell
    nothing here.
    """
    projects = by_project(runs)
    first = {project: _first_writes(here) for project, here in projects.items()}
    found = []
    for project, here in projects.items():
        factor = reserve(Detector.COLD_CACHE, project)
        cold = {run.run_id: calls for run in here if (calls := _cold_returns(run))}
        returns = [call for calls in cold.values() for call in calls]
        usual = _usual([write for other, writes in first.items() if other != project for write in writes])
        middle = median(first[project]) if len(first[project]) >= WARM_UP_RUNS else 0
        slow_start = middle > WARM_UP_RATIO * factor * usual
        if len(returns) < COLD_RETURNS * factor and not slow_start:
            continue
        seen: dict[str, int | float | str] = {
            "returns": len(returns),
            "written_again_tokens": sum(map(_write, returns)),
        }
        if slow_start:
            seen |= {"first_write_tokens": round(middle), "usual_tokens": round(usual)}
        hit = _hit_share(here)
        if hit is not None:
            seen["read_from_cache_share"] = round(hit, 2)
        about = sorted((run for run in here if run.run_id in cold), key=lambda run: -len(cold[run.run_id])) or here
        # The whole price of these calls: what a warm cache would have left of it cannot be told exactly.
        high = sum(call.cost_micros or 0 for call in returns)
        found.append(finding(Detector.COLD_CACHE, about, seen, Saving(0, high) if high else None))
    return found


def _write(call: ModelCall) -> int:
    return (call.cache_write_5m_tokens or 0) + (call.cache_write_1h_tokens or 0)


def _cold_returns(run: LookedAtRun) -> list[ModelCall]:
    found = []
    for calls in _sessions(run):
        timed = sorted((call for call in calls if call.at is not None), key=lambda call: call.at or 0)
        kept = SHORT_KEPT_MS
        for before, call in pairwise(timed):
            if before.cache_write_1h_tokens:
                kept = LONG_KEPT_MS
            context = (call.input_tokens or 0) + (call.cache_read_tokens or 0) + _write(call)
            pause = (call.at or 0) - (before.at or 0)
            if pause > kept and context >= COLD_CONTEXT_TOKENS and _write(call) >= COLD_SHARE * context:
                found.append(call)
    return found


def _first_writes(runs: Iterable[LookedAtRun]) -> list[int]:
    """Return what the first call of each run wrote into the cache; without those that found all of it there."""
    return [write for run in runs if run.calls and (write := _write(run.calls[0]))]


def _usual(writes: Sequence[int]) -> float:
    return quantiles(writes, n=4)[0] if len(writes) >= WARM_UP_RUNS else WARM_UP_USUAL_TOKENS


def _hit_share(runs: Iterable[LookedAtRun]) -> float | None:
    """Return cache read ÷ (cache read + uncached input) of all calls, 0 to 1; None where neither was told."""
    calls = [call for run in runs for call in run.calls]
    read = sum(call.cache_read_tokens or 0 for call in calls)
    fresh = sum(call.input_tokens or 0 for call in calls)
    return read / (read + fresh) if read + fresh else None


def tool_overhead(runs: Iterable[LookedAtRun], reserve: Reserve) -> list[Finding]:
    """Find servers of tools of which hardly a tool is used.

    In a project over the period: an MCP server with more than 10 tools laid before the model in 2 or more runs, fewer
    than 20 % of them ever called there. Needs a log that lists the tools offered.
    """
    found = []
    for project, here in by_project(runs).items():
        factor = reserve(Detector.TOOL_OVERHEAD, project)
        offered: dict[str, set[str]] = defaultdict(set)
        offered_in: dict[str, dict[int, LookedAtRun]] = defaultdict(dict)
        used = {use.name for run in here for use in run.tools}
        for run in here:
            for name in {tool for act in run.acts or () if isinstance(act, Offered) for tool in act.tools}:
                if name.startswith(_MCP):
                    server = name.removeprefix(_MCP).partition("__")[0]
                    offered[server].add(name)
                    offered_in[server][run.run_id] = run
        idle = [
            server
            for server, tools in offered.items()
            if len(tools) > SERVER_TOOLS * factor
            and len(tools & used) < SERVER_SHARE * len(tools)
            and len(offered_in[server]) >= SERVER_RUNS
        ]
        if idle:
            idle.sort(key=lambda server: (-len(offered[server]), server))
            largest = idle[0]
            seen: dict[str, int | float | str] = {
                "servers": len(idle),
                "server": largest,
                "tools": len(offered[largest]),
                "used": len(offered[largest] & used),
                "runs": len(offered_in[largest]),
            }
            found.append(finding(Detector.TOOL_OVERHEAD, list(offered_in[largest].values()), seen))
    return found


def oversized_models(runs: Iterable[LookedAtRun], reserve: Reserve) -> list[Finding]:
    """Find a kind of work for which a cheaper model does as well.

    Over all projects, runs of one kind of work, two models with 20 or more turns with changes each (a run counts for
    the model that wrote most of it): the cheaper one costs at most 0.8 of the dearer per token written, everything
    included, and its share of turns without a retry is lower by at most 5 percent of all. Of several pairs the one
    with the largest possible saving. Needs the log and the cost.
    """
    factor = reserve(Detector.OVERSIZED_MODEL, None)
    kinds: dict[str, list[LookedAtRun]] = defaultdict(list)
    for run in runs:
        if run.work_kind is not None and run.cost_micros is not None and run.acts is not None:
            kinds[run.work_kind].append(run)
    found = [one for kind, here in kinds.items() for one in _cheaper_models(kind, here, factor)]
    return [max(found, key=lambda one: one.saving or Saving(0, 0))] if found else []


def _cheaper_models(kind: str, runs: Iterable[LookedAtRun], factor: float) -> Iterator[Finding]:
    """Yield a finding for each pair of models that did one kind of work."""
    by_model: dict[str, list[LookedAtRun]] = defaultdict(list)
    for run in runs:
        model = _main_model(run)
        if model is not None:
            by_model[model].append(run)
    tried = {model: first_time_right(of_model) for model, of_model in by_model.items()}
    enough = [model for model, (turns, _) in tried.items() if turns >= MODEL_TURNS * factor]
    prices = {model: _price(by_model[model]) for model in enough}
    for dear, cheap in permutations(enough, 2):
        if not 0 < prices[cheap] <= MODEL_CHEAPER * prices[dear]:
            continue
        if _share(tried[cheap]) < _share(tried[dear]) - MODEL_MARGIN:
            continue
        cost = sum(run.cost_micros or 0 for run in by_model[dear])
        seen: dict[str, int | float | str] = {
            "work_kind": kind,
            "dearer": dear,
            "cheaper": cheap,
            "dearer_turns": tried[dear][0],
            "dearer_without_retry": tried[dear][1],
            "cheaper_turns": tried[cheap][0],
            "cheaper_without_retry": tried[cheap][1],
        }
        ids = tuple(run.run_id for run in by_model[dear])
        saving = Saving(0, round(cost * (1 - prices[cheap] / prices[dear])))
        yield Finding(Detector.OVERSIZED_MODEL, None, None, ids, seen, saving)


def _main_model(run: LookedAtRun) -> str | None:
    written: Counter[str] = Counter()
    for call in run.calls:
        if call.model is not None:
            written[call.model] += call.output_tokens or 0
    return max(written, key=lambda model: (written[model], model), default=None)


def _price(runs: Iterable[LookedAtRun]) -> float:
    """Return micro-USD per token written, over all calls of these runs; 0 where nothing was written."""
    output = sum(call.output_tokens or 0 for run in runs for call in run.calls)
    return sum(run.cost_micros or 0 for run in runs) / output if output else 0.0


def _share(tried: tuple[int, int]) -> float:
    turns, at_once = tried
    return at_once / turns
