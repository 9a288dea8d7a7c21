# Sourced by `start`, `test` and `lock`: everything that stands between a bare machine and a working checkout.
# Says what it installs, asks nothing, does nothing where nothing is missing, and then needs no network.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
CHECKOUT=$PWD
LOG=$(mktemp -t goodmeasure-setup.XXXXXX) || exit 1
trap 'rm -f "$LOG"' EXIT

# What has to be there : the Debian package that brings it. "….so.N" is a library, "ensurepip" a Python module, else a program.
PYTHON_NEEDS="python3:python3 ensurepip:python3-venv"
WINDOW_NEEDS="libglib-2.0.so.0:libglib2.0-0 libGL.so.1:libgl1 libEGL.so.1:libegl1 libfontconfig.so.1:libfontconfig1
  libxkbcommon.so.0:libxkbcommon0 libdbus-1.so.3:libdbus-1-3 libxcb-cursor.so.0:libxcb-cursor0
  libxcb-icccm.so.4:libxcb-icccm4 libxcb-keysyms.so.1:libxcb-keysyms1 libxcb-shape.so.0:libxcb-shape0
  libxkbcommon-x11.so.0:libxkbcommon-x11-0"
TEST_NEEDS="$WINDOW_NEEDS git:git Xvfb:xvfb xauth:xauth dbus-run-session:dbus gnome-keyring-daemon:gnome-keyring
  chromium:chromium ssh-keygen:openssh-client pdftotext:poppler-utils"

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

has() {
  case $1 in
    ensurepip) python3 -c 'import ensurepip, venv' 2>/dev/null ;;
    *.so.*) PATH=$PATH:/usr/sbin:/sbin ldconfig -p 2>/dev/null | grep -qF "$1 " ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

# quietly WHAT COMMAND…: its output is shown only where it fails.
quietly() {
  local what=$1
  shift
  "$@" >"$LOG" 2>&1 </dev/null && return
  tail -n 20 "$LOG" >&2
  fail "$what failed; the reason stands above. When it is mended, run the same command again: what is done stays done."
}

# need_system PURPOSE NEEDS: installs what is missing as root; else says exactly what to run.
need_system() {
  local purpose=$1 need install missing=()
  for need in $2; do
    has "${need%%:*}" || missing+=("${need#*:}")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  install="apt-get install -y --no-install-recommends ${missing[*]}"
  command -v apt-get >/dev/null ||
    fail "Good Measure needs $purpose: install what Debian calls ${missing[*]}, then run this again."
  [ "$(id -u)" -eq 0 ] ||
    fail "Good Measure needs $purpose. Run this, then the same command again:  sudo apt-get update && sudo $install"
  say "Installing $purpose with apt-get: ${missing[*]}"
  quietly "apt-get update" apt-get update
  # shellcheck disable=SC2086  # the words of the command
  quietly "$install" env DEBIAN_FRONTEND=noninteractive $install
}

# need_packages app|dev: a virtual environment in .venv with exactly the locked versions, and this checkout in it.
need_packages() {
  local kind=$1 state installed lock=requirements.lock
  [ "$kind" = app ] || lock=requirements-dev.lock
  state=$(cat pyproject.toml requirements.lock requirements-dev.lock | sha256sum) ||
    fail "pyproject.toml or a lock file is missing in $CHECKOUT: is this a whole checkout?"
  state="${state%% *} $CHECKOUT"
  installed=$(cat .venv/.installed 2>/dev/null)
  # A moved checkout's programs still point to where it was: they are made anew.
  if [ "$(.venv/bin/python -c 'import sys; print(sys.prefix)' 2>/dev/null)" != "$CHECKOUT/.venv" ] ||
    [ "${installed#* * }" != "${installed:+$CHECKOUT}" ]; then
    quietly "Making a virtual environment in $CHECKOUT/.venv" python3 -m venv --clear .venv
  elif [ "$installed" = "dev $state" ] || [ "$installed" = "$kind $state" ]; then
    return 0 # the development environment holds all that the app needs
  fi
  say "Installing the Python packages of $lock into .venv (a minute or two the first time)"
  rm -f .venv/.installed
  quietly "pip install -r $lock" .venv/bin/python -m pip install --require-hashes --only-binary :all: -r "$lock"
  quietly "pip install -e ." .venv/bin/python -m pip install --no-deps --no-build-isolation -e .
  printf '%s\n' "$kind $state" >.venv/.installed
}

need_python() {
  need_system "Python with its venv module" "$PYTHON_NEEDS"
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "Good Measure needs Python 3.11 or newer; python3 is $(python3 --version 2>&1) here."
}

# need_promtool: Prometheus' own checker in .venv/bin. Only it is taken out of Debian's package: installed, that would start a server.
need_promtool() {
  local folder
  { has promtool || [ -x .venv/bin/promtool ]; } && return 0
  command -v apt-get >/dev/null || fail "The tests need promtool, which comes with Prometheus: put it on the PATH, then run this again."
  say "Taking promtool out of Debian's package prometheus"
  folder=$(mktemp -d)
  # shellcheck disable=SC2016  # expanded by the inner shell
  quietly "Fetching promtool" bash -c 'set -o pipefail; cd "$1" && { apt-get download prometheus || { apt-get update && apt-get download prometheus; }; } &&
    dpkg-deb --fsys-tarfile prometheus_*.deb | tar -xO ./usr/bin/promtool >promtool && chmod +x promtool' - "$folder"
  mv "$folder/promtool" .venv/bin/promtool
  rm -rf "$folder"
}
