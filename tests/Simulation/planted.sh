#!/usr/bin/env bash
# Plants known bugs in a copy of this tree, one at a time, and shows how many histories it takes to catch each.
# ./planted.sh [number…]; without a number all. The tree itself is not touched.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en MSBUILDDISABLENODEREUSE=1
readonly histories=${REPLICA_HISTORIES:-20000} from=${REPLICA_FROM:-1}

rooms=() files=() olds=() news=() names=() plans=()

# room, name, file, old text, new text: what stands there once and what is put in its place; and the plan, if not all.
bug() {
  rooms+=("$1") names+=("$2") files+=("$3") olds+=("$4") news+=("$5") plans+=("${6:-all}")
}

bug merge 'a contested delete takes effect' src/Crdt/Elements/Element.cs \
  $'                // Contested, for good: it leaves nothing.\n                return;' '                break;'
bug merge 'a write does not contest deletes it has not seen' src/Crdt/Elements/Antichain.cs \
  'return Array.FindAll(marks, view.HappensBefore);' 'return marks;'
bug merge 'removing from a set takes away unseen adds' src/Crdt/Elements/SetMembers.cs \
  'var left = Antichain.Cover(_members[at].Entries, view);' 'Entry[] left = [.. Antichain.Cover(_members[at].Entries, view).Take(0)];'
bug merge 'equal times are ordered by local numbers' src/Crdt/Causality/StampOrder.cs \
  'view.LogOf(a.Branch).CompareTo(view.LogOf(b.Branch))' 'a.Branch.Value.CompareTo(b.Branch.Value)'
bug merge 'late moves may close a cycle' src/Crdt/Tree/LateMoves.cs \
  'var isSkipped = IsAtOrAbove(step.Node, step.Parent);' 'var isSkipped = step.Node == step.Parent;'
bug store 'a failed transaction takes earlier writes of its commit away' src/Peer/Store/ElementBatch.cs \
  'if (!isMarked)' 'if (!isMarked || from.Length > 0)'
bug store 'what a dead process left is announced before it is on disk' src/Peer/Store/SpaceStore.cs \
  $'            _engine.Flush();\n            _durable = new(' '            _durable = new(' disk
bug store 'a change leaves out a dep that another log does not imply' src/Peer/Store/LogTable.cs \
  'news.Where(log => !implied.Covers(log.Branch, log.Seq))' \
  'news.Where(log => !implied.Covers(log.Branch, log.Seq) && !Array.Exists(news, other => other.Time.CompareTo(log.Time) > 0))'
bug store 'the clock forgets stamps it has seen' src/Peer/Store/SpaceLedger.cs \
  'Clock.Observe(last.Time);' ''
bug store 'half of a failed transaction stays' src/Peer/Store/LocalLog.cs \
  $'            ledger.Discard();\n            if (transaction.IsOnSpace)' '            if (transaction.IsOnSpace)'
bug store 'signatures of runs are not looked at' src/Peer/Store/RunApplier.cs \
  'if (!IsSigned(run, key, place.Heads[^1], isGenesis))' 'if (!IsSigned(run, key, place.Heads[^1], isGenesis) && run.Changes.Count == 0)'
bug sync 'what is committed while a page is read is not sent' src/Peer/Sync/RunSender.cs \
  $'        _hasGrown = _isReading;\n        _hasMore = true;' $'        _hasGrown = false;\n        _hasMore = !_isReading;' managed
bug sync 'a page that was chosen before the peer said what it needs is sent' src/Peer/Sync/RunSender.cs \
  '_mustRewind = _isReading;' '_mustRewind = false;'
bug sync 'a list of positions leaves out the first' src/Peer/Sync/OwnPositions.cs \
  'All.Skip(at).Take(positionsMax)' 'All.Skip(at + 1).Take(positionsMax)'
bug sync 'a longer branch is taken for being ahead on another' src/Peer/Sync/PlaceTalk.cs \
  '(found.IsAhead && IsForked(place.Log, report))' '(found.IsAhead && place.Seq == 0)' F13

readonly copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z | while IFS= read -r -d '' file; do
  if [ -f "$file" ]; then
    mkdir -p "$copy/$(dirname "$file")" && cp "$file" "$copy/$file"
  fi
done

caught=0 missed=0
wanted=("$@")
[ ${#wanted[@]} -gt 0 ] || mapfile -t wanted < <(seq 1 ${#names[@]})
printf '%-3s %-6s %-64s %s\n' no room bug 'caught after'
for number in "${wanted[@]}"; do
  at=$((number - 1))
  file=${files[$at]}
  cp "$copy/$file" "$copy/planted.original"
  whole=$(cat "$copy/$file")
  if [[ $whole != *"${olds[$at]}"* ]]; then
    printf '%-3s %-6s %-64s %s\n' "$number" "${rooms[$at]}" "${names[$at]}" "CAN'T BE PLANTED: its place in $file is gone"
    missed=$((missed + 1))
    continue
  fi

  printf '%s\n' "${whole/"${olds[$at]}"/"${news[$at]}"}" >"$copy/$file"
  log=$copy/planted.log
  if ! (cd "$copy" && dotnet build tests/Simulation -c Release -v quiet --nologo -p:TreatWarningsAsErrors=false \
    -p:EnforceCodeStyleInBuild=false -p:RunAnalyzers=false) >"$log" 2>&1; then
    printf '%-3s %-6s %-64s %s\n' "$number" "${rooms[$at]}" "${names[$at]}" "DOES NOT BUILD: $(grep -m 1 error "$log")"
    missed=$((missed + 1))
  else
    (cd "$copy" && dotnet run -c Release --no-build --project tests/Simulation -- \
      --histories "$histories" --from "$from" --plan "${plans[$at]}" --until-failure) >"$log" 2>&1 || true
    if grep -q '^FAILED' "$log"; then
      caught=$((caught + 1))
      printf '%-3s %-6s %-64s %s\n' "$number" "${rooms[$at]}" "${names[$at]}" \
        "$(sed -n 's/^ended after \([0-9]*\) histories.*/\1 histories/p' "$log" | head -n 1): $(sed -n 's/^FAILED \(seed [0-9]*\): \(.*\)/\1, \2/p' "$log" | head -n 1)"
    else
      missed=$((missed + 1))
      printf '%-3s %-6s %-64s %s\n' "$number" "${rooms[$at]}" "${names[$at]}" "NOT in $histories histories"
    fi
  fi

  cp "$copy/planted.original" "$copy/$file"
done

printf '%s caught, %s not\n' "$caught" "$missed"
[ "$missed" -eq 0 ]
