#!/usr/bin/env bash
# The one command of this repository. CI runs "./build.sh ci" and nothing else.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en MSBUILDDISABLENODEREUSE=1
readonly results=artifacts/test-results
readonly dotnet_tests=(tests/Properties tests/EndToEnd)
readonly histories_default=20000

passed=0 failed=0 skipped=0 broken=0

usage() {
  cat <<'TEXT'
./build.sh build          restore and build everything in Release; warnings are errors
./build.sh test           build, then every test; the last line is the sum
./build.sh sim [seed]     the simulation, on one seed or on fresh ones
./build.sh bench [row…]   side-by-side benchmarks; all rows without a name
./build.sh format         put files into the house format
./build.sh golden         rewrite golden files and API pages: read the difference before committing
./build.sh ci             what CI runs: format check, then test
./build.sh pack           the packages, into artifacts/packages
./build.sh demo           three real peers on this computer, cut off and brought together
TEXT
}

build() {
  dotnet build Replica.sln -c Release -v quiet --nologo --disable-build-servers
}

# Says what went wrong with the counting; the run as a whole has then failed.
complain() {
  printf 'build.sh: %s\n' "$1" >&2
  broken=1
}

# Value of one attribute of the Counters element of a trx file; nothing if it is not there.
counter() {
  sed -n "s/.*<Counters [^>]*\b$2=\"\([0-9][0-9]*\)\".*/\1/p" "$1" | head -n 1
}

run_dotnet_tests() {
  local project=$1 code=0 name trx total executed ok bad
  name=${project##*/}
  trx=$results/$name.trx
  printf '== %s\n' "$project"
  dotnet test "$project" -c Release --no-build --nologo -v quiet \
    --logger "trx;LogFileName=$name.trx" --results-directory "$results" || code=$?
  if [ ! -f "$trx" ]; then
    complain "$project ran no test: no $trx was written"
    return
  fi
  total=$(counter "$trx" total) executed=$(counter "$trx" executed)
  ok=$(counter "$trx" passed) bad=$(counter "$trx" failed)
  if [ -z "$total" ] || [ -z "$executed" ] || [ -z "$ok" ] || [ -z "$bad" ]; then
    complain "$project: no counts in $trx"
    return
  fi
  [ "$executed" -gt 0 ] || complain "$project ran no test"
  # A run that was cut short reports no failure of its own: what was executed must have passed or failed.
  [ $((ok + bad)) -eq "$executed" ] || complain "$project: $executed executed, but $ok passed and $bad failed"
  [ "$code" -eq 0 ] || [ "$bad" -gt 0 ] || complain "$project: the test host ended with $code"
  passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + total - executed))
}

run_simulation() {
  local log=$results/Simulation.log code=0 last
  printf '== tests/Simulation\n'
  # Indented, so that the sum at the end is the only plain line of its kind.
  dotnet run -c Release --no-build --project tests/Simulation -- \
    --histories "${REPLICA_HISTORIES:-$histories_default}" | tee "$log" | sed "s/^/   /" || code=$?
  last=$(tail -n 1 "$log")
  if ! [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    complain "tests/Simulation: its last line is not 'N passed, N failed' but '$last'"
    return
  fi
  local ok=$((10#${BASH_REMATCH[1]})) bad=$((10#${BASH_REMATCH[2]}))
  [ $((ok + bad)) -gt 0 ] || complain "tests/Simulation ran no history"
  [ "$code" -eq 0 ] || [ "$bad" -gt 0 ] || complain "tests/Simulation ended with $code"
  passed=$((passed + ok)) failed=$((failed + bad))
}

run_tests() {
  local begun=$SECONDS project
  # Results of an earlier run must not be counted for this one.
  rm -rf "$results" && mkdir -p "$results"
  build
  for project in "${dotnet_tests[@]}"; do
    run_dotnet_tests "$project"
  done
  run_simulation
  printf 'total time %s s\n' "$((SECONDS - begun))"
  if [ "$skipped" -gt 0 ]; then
    printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
  else
    printf '%s passed, %s failed\n' "$passed" "$failed"
  fi
  [ "$failed" -eq 0 ] && [ "$broken" -eq 0 ] && [ "$passed" -gt 0 ]
}

case "${1:-}" in
  build) build ;;
  test) run_tests ;;
  sim)
    shift
    if [ $# -gt 0 ]; then
      dotnet run -c Release --project tests/Simulation -- --seed "$1"
    else
      dotnet run -c Release --project tests/Simulation -- --histories "${REPLICA_HISTORIES:-$histories_default}"
    fi ;;
  bench) shift; dotnet run -c Release --project bench -- "$@" ;;
  format) dotnet format Replica.sln --severity warn ;;
  golden) REPLICA_UPDATE_GOLDEN=1 dotnet test tests/Properties -c Release --nologo -v quiet ;;
  ci) .ci/run ;;
  pack)
    for project in Crdt Transport Peer Web Testing; do
      dotnet pack "src/$project" -c Release -v quiet --nologo -p:ContinuousIntegrationBuild=true -o artifacts/packages
    done
    ls -l artifacts/packages ;;
  demo) dotnet run -c Release --project tools/peer-cli -- demo ;;
  *) usage; exit 2 ;;
esac
