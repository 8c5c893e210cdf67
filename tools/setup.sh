# Shared by tools/pipeline, tools/test and tools/header_times: installs what is missing, finds the compiler, configures
# and builds. Sourced, not run. A user of these scripts needs a Debian 12 (or later) with bash, and root or sudo if
# something is to be installed.
# shellcheck shell=bash

set -euo pipefail
basket_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
basket_tool=tools/$(basename "$0")
basket_from=$PWD
cd "$basket_root"

# die SENTENCE: the run cannot go on.
die() { printf '%s: %s\n' "$basket_tool" "$*" >&2; exit 1; }

# ---- what must be there ------------------------------------------------------------------------------------------
# package, and how to see without dpkg that it need not be installed: a command, or a header in a usual include folder.
basket_library_packages=(cmake=cmake ninja-build=ninja libeigen3-dev=eigen3/Eigen/Core libxtensor-dev=xtensor/xtensor.hpp
  libboost-dev=boost/version.hpp libfmt-dev=fmt/format.h zlib1g-dev=zlib.h libyaml-cpp-dev=yaml-cpp/yaml.h
  gnuplot-nox=gnuplot)
basket_test_packages=(doctest-dev=doctest/doctest.h libbenchmark-dev=benchmark/benchmark.h)
if [[ -d include/basket/parallel ]]; then basket_test_packages+=(libtbb-dev=tbb/parallel_for.h); fi
basket_clang_packages=(clang-19=clang++-19 clang-format-19=clang-format-19 libclang-rt-19-dev=)

is_installed() { # package=sign
  local package=${1%%=*} sign=${1#*=} folder
  if [[ $sign == */* || $sign == *.h ]]; then
    for folder in /usr/include /usr/local/include; do [[ -e $folder/$sign ]] && return 0; done
    return 1
  fi
  if [[ -n $sign ]]; then command -v "$sign" >/dev/null; return; fi
  [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]]
}

# install_missing PACKAGE=SIGN...: installs those that are missing, and does nothing at all when none is.
install_missing() {
  local entry missing=() as_root=() log
  for entry in "$@"; do is_installed "$entry" || missing+=("${entry%%=*}"); done
  ((${#missing[@]})) || return 0
  command -v apt-get >/dev/null || die "these packages are missing and there is no apt-get to install them: ${missing[*]}"
  if [[ $EUID != 0 ]]; then
    command -v sudo >/dev/null || die "these packages are missing; run this as root, or install sudo: ${missing[*]}"
    as_root=(sudo)
    [[ -t 0 ]] || as_root=(sudo -n)
    "${as_root[@]}" true 2>/dev/null || die "these packages are missing and sudo refuses to install them: ${missing[*]}"
  fi
  echo "Installing ${missing[*]}"
  as_root+=(env DEBIAN_FRONTEND=noninteractive)
  log=$(mktemp)
  if ! { "${as_root[@]}" apt-get update &&
    "${as_root[@]}" apt-get install -y --no-remove --no-install-recommends -o DPkg::Lock::Timeout=300 "${missing[@]}"; } \
    >"$log" 2>&1 </dev/null; then
    tail -n 5 "$log" >&2
    rm -f "$log"
    die "apt-get could not install ${missing[*]} (its last lines are above; is there a network?)"
  fi
  rm -f "$log"
}

# find_compiler: sets `compiler` to $CXX, else g++ (installed if there is none), and refuses one that is too old.
find_compiler() {
  compiler=${CXX:-g++}
  if [[ -z ${CXX:-} ]]; then install_missing g++=g++; fi
  command -v "$compiler" >/dev/null || die "CXX names the compiler '$compiler', which is not there"
  local macros clang gcc
  macros=$("$compiler" -dM -E -x c++ /dev/null 2>/dev/null) || die "the compiler '$compiler' does not preprocess an empty file"
  clang=$(sed -n 's/^#define __clang_major__ //p' <<<"$macros")
  gcc=$(sed -n 's/^#define __GNUC__ //p' <<<"$macros")
  if [[ -n $clang ]]; then
    ((clang >= 19)) || die "clang $clang is too old; basket needs clang 19 or g++ 12"
  elif [[ -n $gcc ]]; then
    ((gcc >= 12)) || die "g++ $gcc is too old; basket needs g++ 12 or clang 19"
  else
    die "the compiler '$compiler' is neither g++ nor clang"
  fi
}

check_cmake() {
  local version
  version=$(cmake --version | sed -n '1s/.*version //p')
  printf '3.25\n%s\n' "$version" | sort -CV || die "cmake $version is too old; basket needs 3.25"
}

# One core, or 2 GB, a job.
jobs() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/^MemAvailable/ { print int($2 / 2000000) }' /proc/meminfo)
  ((memory < 1)) && memory=1
  echo $((cores < memory ? cores : memory))
}

# ---- steps with a log --------------------------------------------------------------------------------------------
# only_one NAME: refuses to run beside another run that writes to the same build folder.
only_one() {
  mkdir -p build || die "cannot write to the folder $basket_root"
  exec 8>"build/.$1.lock"
  flock -n 8 || die "another run of this tool is at work in $basket_root/build"
}

# step LOG COMMAND...: runs the command with its output in the log; on failure prints what matters of it.
step() {
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  if "$@" >"$log" 2>&1 8>&-; then return 0; fi
  echo "This failed: $*"
  grep -nE -m 5 '(error|Error):' "$log" || true
  echo "The last lines of $log:"
  tail -n 60 "$log"
  return 1
}

minutes_since() { awk -v from="$1" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f", (to - from) / 60 }'; }
