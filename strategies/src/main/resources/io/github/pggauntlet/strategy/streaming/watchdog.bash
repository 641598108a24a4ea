#!/usr/bin/env bash
# The watchdog of one PostgreSQL server. It is told until when the server may live, and kills the server with all its
# backends when that moment passes without a later one having been told: the agent that should have done so is frozen,
# starved or dead then.
#
# watchdog DATA MARK-FILE MARK
#
#   DATA       the server's data directory; its processes are those that work in it, whatever becomes of its name
#   MARK-FILE  holds the mark of the agent's current life
#   MARK       the mark of the life of the agent that started this watchdog
#
# On standard input, a line each:
#
#   until N    the server may live until N hundredths of a second after the machine's boot, as /proc/uptime counts;
#              a clock that goes on while the machine sleeps
#   disarm     it may live as long as it likes
#
# When the input ends the last deadline holds. The watchdog then also ends when nothing is left of the server, or when
# a later life of the agent has put its own mark into the file: that life has seen to it that nothing was left.
#
# Exit status: 0 nothing is left to be done, 3 the server had to be killed, 2 it cannot watch.
#
# Once it watches it starts no other program and touches no disk before it kills: on a machine that is short of
# everything there may be none to be had.
set -u
LC_ALL=C

readonly tick=10 # hundredths of a second; the kernel's timers stand still while the machine sleeps, so look often

# Only its own end ends it. A signal for the whole group of processes is meant for others.
trap '' HUP INT QUIT TERM PIPE

if [[ $# -ne 3 ]]; then
  echo "usage: watchdog DATA MARK-FILE MARK" >&2
  exit 2
fi
data=$1 mark_file=$2 mark=$3
exec {place}<"$data" || exit 2
exec {never}<> <(:) || exit 2 # nothing ever comes from there: reading it is a pause without a program

# First in the queue for a processor, last to be killed for want of memory, as far as that is permitted.
chrt --fifo --pid 1 $$ 2>/dev/null || renice -n -10 -p $$ >/dev/null 2>&1 || :
{ echo -1000 >/proc/self/oom_score_adj; } 2>/dev/null || :

# Sets 'now'.
look_at_clock() {
  local up
  read -r up _ </proc/uptime
  now=$((10#${up/./}))
}

# Sets 'left', the processes that work in the data directory.
look_for_processes() {
  local process
  left=()
  for process in /proc/[0-9]*; do
    [[ $process/cwd -ef /dev/fd/$place ]] && left+=("${process#/proc/}")
  done
}

rest() {
  local seconds
  printf -v seconds '%d.%02d' $(($1 / 100)) $(($1 % 100))
  read -r -t "$seconds" -u "$never" || :
}

superseded() {
  local current
  read -r current <"$mark_file" && [[ $current != "$mark" ]]
} 2>/dev/null

end_server() {
  look_for_processes
  [[ ${#left[@]} -gt 0 ]] && echo "$EPOCHREALTIME the deadline has passed; killing ${left[*]}" >&2
  while [[ ${#left[@]} -gt 0 ]]; do
    kill -KILL "${left[@]}" 2>/dev/null
    rest 1
    look_for_processes
  done
  echo "$EPOCHREALTIME nothing is left" >&2
  exit 3
}

deadline='' ended='' now=0 left=() begun=''
echo ready
while :; do
  if [[ -z $deadline ]]; then
    [[ -n $ended ]] && exit 0
    pause=''
  else
    look_at_clock
    ((now < deadline)) || end_server
    pause=$((deadline - now < tick ? deadline - now : tick))
    if [[ -n $ended ]]; then
      superseded && exit 0
      look_for_processes
      [[ ${#left[@]} -gt 0 ]] || exit 0
      rest "$pause"
      continue
    fi
  fi
  part=''
  if [[ -z $pause ]]; then
    IFS= read -r part
  else
    printf -v seconds '%d.%02d' $((pause / 100)) $((pause % 100))
    IFS= read -r -t "$seconds" part
  fi
  status=$?
  # A pause may end in the middle of a line, whose beginning is a deadline that passed long ago.
  begun+=$part
  if [[ $status -eq 0 ]]; then
    number=${begun#until }
    case $begun in
      disarm) deadline='' ;;
      'until '*) [[ $number =~ ^[0-9]{1,15}$ ]] && deadline=$((10#$number)) ;;
    esac
    begun=''
  fi
  # Above 128: the pause is over. Otherwise: the input has ended.
  [[ $status -gt 0 && $status -le 128 ]] && ended=yes
done
