#!/usr/bin/env bash
# Copyright the Stillframe authors
# SPDX-License-Identifier: Apache-2.0
#
# One turn of one way, for bench/side-by-side, which sources this and calls turn, and before that
# start_manager if there are ways of a manager's JVM. Reads the variables of its options, and root,
# work, out, image, command and java.
#
# A turn becomes one line of JSON in $out/turns. All in seconds: "seconds" is what counts,
# "command" the whole command with the start of the JVM, "call" what a call took in the manager's
# JVM, "stoodStill" how long the guest did not run; processor time is "cpu" of the one who saves or restores while it does so, "commandCpu" of
# the whole command, "qemuCpu" of QEMU.
#
# shellcheck disable=SC2034,SC2154 # those variables

turn() { # turn save|restore RUN WAY DIR
  local kind=$1 run=$2 way=$3 dir=$4 before=0 after=0 figures
  doing="the $kind by $way, run $run of $runs, guest of $memory MiB"
  [ "$way" = fio ] || before=$(spent "$dir")
  case $way in
    fio) figures=$(turn_of_fio "$kind") ;;
    qemu-*) figures=$(turn_of_qemu "$kind" "$way" "$dir") ;;
    *-manager) figures=$(turn_of_manager "$kind" "$way" "$dir") ;;
    *) figures=$(turn_of_ours "$kind" "$way" "$dir") ;;
  esac
  [ "$way" = fio ] || after=$(spent "$dir")
  jq -cn --arg kind "$kind" --arg way "$way" --argjson run "$run" --argjson memory "$memory" \
    --argjson fill "$fill" --argjson qemu "[$before, $after, $(getconf CLK_TCK)]" \
    --argjson figures "$figures" \
    '{kind: $kind, memoryMib: $memory, fillMib: $fill, run: $run, way: $way,
      qemuCpu: (($qemu[1] - $qemu[0]) / $qemu[2])} + $figures' >>"$out/turns"
  tail -n 1 "$out/turns" | jq -r '"  \(.kind) \(.way): \(.seconds) s"' >&2
  doing=
}

# Clock ticks of processor time that a QEMU has used so far, with the children that it waited for
# (cat), and without what its guest's own processors have run.
spent() { # spent DIR
  # shellcheck disable=SC2046 # a number for each processor of the guest
  perl -e '
    my ($process, @threads) = @ARGV;
    sub fields {
      open my $file, "<", "$_[0]/stat" or die "$_[0]: $!\n";
      return split " ", <$file> =~ s/.*\) //r;
    }
    my @all = fields("/proc/$process");
    my $ticks = $all[11] + $all[12] + $all[13] + $all[14];
    for (@threads) { my @one = fields("/proc/$process/task/$_"); $ticks -= $one[11] + $one[12] }
    print "$ticks\n";
  ' "$(cat "$1/qemu.pid")" $(cat "$1/processors")
}

turn_of_fio() { # turn_of_fio KIND
  local operation='write'
  [ "$1" = save ] || operation='read'
  bench_fio "$work/report" --name=fio --filename="$image.fio" --rw=$operation --bs=1M --size="${fill}M" \
    --ioengine=io_uring --iodepth=8 --direct=1 --end_fsync=1
  jq -c '.jobs[0] | (.job_runtime / 1000) as $seconds
    | {seconds: $seconds, cpu: ((.usr_cpu + .sys_cpu) / 100 * $seconds)}' "$work/report"
}

turn_of_qemu() { # turn_of_qemu KIND WAY DIR
  local kind=$1 way=$2 dir=$3 uri=file:$image settings=() seconds
  case $way:$kind in
    qemu-exec:save) uri="exec:cat > $image" ;;
    qemu-exec:restore) uri="exec:cat $image" ;;
  esac
  case $way in
    qemu-mapped) settings=(mapped-ram) ;;
    qemu-multifd) settings=(mapped-ram multifd "multifd-channels=$channels") ;;
    qemu-direct) settings=(mapped-ram multifd "multifd-channels=$channels" direct-io=true) ;;
  esac
  seconds=$("$root/bench/lib/qemu-save.pl" "${kind/restore/load}" "$dir/qmp.sock" "$uri" "$image" \
    "${settings[@]}")
  # From the stop of the guest to the fsync: all that time it stands still.
  jq -cn --argjson seconds "${seconds% *}" --arg kind "$kind" \
    '{seconds: $seconds} + if $kind == "save" then {stoodStill: $seconds} else {} end'
}

# Our options for a way: instant, ROUTE, ROUTE-BACKEND, or ROUTE-7.2, which is the QEMU.
options_of() { # options_of WAY
  local route=${1%%-*}
  case $1 in
    instant)
      echo --mode instant --running
      return
      ;;
    *-posix) echo --backend posix ;;
    *-odirect | *-uring) echo --backend "${1#*-}" --bypass-cache ;;
    *) echo --bypass-cache ;;
  esac
  echo --route "$route"
  [ "$route" = stream ] || echo --channels "$channels"
}

# For jq: what the command's report and the manager's answer have in common.
# shellcheck disable=SC2016 # jq's variables
from_report='if ($way | startswith("instant")) and .guestStatus != "running"
    then error("the guest does not run: " + .guestStatus) else . end
  | {cpu: (.cpuMillis / 1000), backend,
     report: (((.transferMillis // .elapsedMillis) + (.syncMillis // 0)) / 1000)}
    + if .stoodStillMillis then {stoodStill: (.stoodStillMillis / 1000)} else {} end'

# Starts to listen for the moment when the guest runs, of which QEMU tells.
listen() { # listen DIR
  : >"$work/ran"
  "$root/bench/lib/await-event.pl" "$1/qmp2.sock" RESUME >"$work/ran" &
  listener=$!
  until [ -s "$work/ran" ]; do
    kill -0 "$listener"
    sleep 0.01
  done
}

turn_of_ours() { # turn_of_ours KIND WAY DIR
  local kind=$1 way=$2 dir=$3 begin end kib user system arguments listener ran=null
  # shellcheck disable=SC2207 # words without blanks
  arguments=($(options_of "$way"))
  [ "$kind" = restore ] || arguments+=(--format mapped --force)
  [ "$way" != instant ] || listen "$dir"
  begin=$EPOCHREALTIME
  /usr/bin/time -o "$work/time" -f '%M %U %S' "$command" "$kind" --qmp "$dir/qmp.sock" \
    "file:$image" "${arguments[@]}" --json --progress none >"$work/report"
  end=$EPOCHREALTIME
  if [ "$way" = instant ]; then
    wait "$listener"
    ran=$(jq -n --argjson begin "$begin" --argjson ran "$(tail -n 1 "$work/ran")" '$ran - $begin')
  fi
  read -r kib user system <"$work/time"
  jq -c --arg way "$way" --argjson ran "$ran" --argjson micros "$((${end/./} - ${begin/./}))" --argjson kib "$kib" \
    --argjson commandCpu "[$user, $system]" "$from_report"'
    | . + {command: ($micros / 1e6), commandCpu: ($commandCpu | add), rssMib: ($kib / 1024)}
    | .seconds = ($ran // .report)' "$work/report" >"$work/figures"
  # How long the command takes to start, for those who have no start.
  [ "$way" = instant ] || jq '[.command - .report, 0] | max' "$work/figures" >"$work/start"
  cat "$work/figures"
}

# Starts the JVM of the ways of a manager; returns when it holds its MigrationManager.
start_manager() {
  local lib=${command%/bin/*}/lib ready
  javac --release 17 -Xlint:all -Werror -cp "$lib/*" -d "$work/manager" \
    "$root/bench/lib/Manager.java"
  # That libraries may do what they do, which a JVM from 24 on wants to be told.
  coproc MANAGER {
    exec "$java" --enable-native-access=ALL-UNNAMED -cp "$work/manager:$lib/*" Manager
  }
  read -r ready <&"${MANAGER[0]}"
  [ "$ready" = ready ]
}

# One request to it; prints its answer.
ask_manager() { # ask_manager WORD...
  local IFS=$'\t' answer
  printf '%s\n' "$*" >&"${MANAGER[1]}"
  read -r answer <&"${MANAGER[0]}"
  printf '%s\n' "$answer"
}

turn_of_manager() { # turn_of_manager KIND WAY DIR
  local request=$1 way=$2 dir=$3 process kib
  process=/proc/${MANAGER_PID:?the JVM of the manager has ended}
  [ "$way" != instant-manager ] || request=instant
  # From here on VmHWM is counted anew; see proc_pid_clear_refs(5).
  echo 5 >"$process/clear_refs"
  ask_manager "$request" "$dir/qmp.sock" "file:$image" "${way%-manager}" "$channels" >"$work/report"
  kib=$(awk '/^VmHWM:/ { print $2 }' "$process/status")
  jq -c --arg way "$way" --argjson kib "$kib" 'if .error then error(.error) else . end
    | (.callMillis / 1000) as $call | '"$from_report"'
    | . + {call: $call, rssMib: ($kib / 1024)}
    | .seconds = if $way == "instant-manager" then .call else .report end' "$work/report"
}
