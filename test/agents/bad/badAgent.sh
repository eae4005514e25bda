#!/bin/sh
# An agent that goes wrong in the way that its first argument names. Appends the numbers of its processes to the file
# that its second argument names. A shell, because hundreds of them are started.
kind=$1
pids=$2
for word; do
  if [ "$word" = --help ]; then
    echo "It takes --json-schema and nothing else."
    exit 0
  fi
done
echo "$$" >>"$pids"

say() {
  printf '%s\n' "$1"
}

begin() {
  say '{"type":"system","subtype":"init","session_id":"s","model":"m"}'
  say '{"type":"assistant","message":{"content":[{"type":"text","text":"Hm"}]}}'
}

# A result of claude's; the argument is more of its fields.
result() {
  begin
  say "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":false,$1}"
}

letters() {
  head -c "$1" /dev/zero | tr '\0' 'x'
}

case $kind in
hangs) exec sleep 600 ;;
ignores-term)
  trap '' TERM INT HUP
  while :; do sleep 600; done
  ;;
forks)
  for _ in 1 2 3; do
    setsid sleep 600 &
    echo "$!" >>"$pids"
  done
  wait
  ;;
leaves-daemon)
  (cd / && setsid sh -c 'echo "$$" >>"$1"; exec sleep 600' sh "$pids" </dev/null >/dev/null 2>&1 &)
  # It has written its number before this one ends.
  until [ "$(tail -n 2 "$pids" | head -n 1)" = "$$" ] || [ "$(wc -l <"$pids")" -gt 1 ]; do :; done
  exit 0
  ;;
leaves-pipe-open)
  sleep 600 &
  echo "$!" >>"$pids"
  exit 0
  ;;
floods-errors)
  letters 2000000 | fold -w 200 >&2
  exit 1
  ;;
floods-output)
  letters 2000000 | fold -w 200
  exit 0
  ;;
endless-line)
  letters 6000000
  exit 0
  ;;
says-nothing) exit 0 ;;
exits)
  echo "no licence" >&2
  exit 7
  ;;
crashes)
  printf '{"type":"assistant","mess'
  kill -9 "$$"
  ;;
breaks-off)
  begin
  printf '{"type":"result","sub'
  exit 3
  ;;
wrong-schema) result '"structured_output":{"n":"many"}' ;;
no-json) result '"result":"There are many."' ;;
deep-data) result "\"structured_output\":$(letters 100000 | tr x '[')$(letters 100000 | tr x ']')" ;;
deaf)
  exec <&-
  exec sleep 600
  ;;
talks-forever)
  while :; do
    begin
    sleep 0.05
  done
  ;;
asks-forever)
  request='"request":{"subtype":"can_use_tool","tool_name":"Bash","input":{"command":"rm -rf /"}}'
  number=0
  while :; do
    number=$((number + 1))
    say "{\"type\":\"control_request\",\"request_id\":\"$number\",$request}"
    sleep 0.02
  done
  ;;
lingers)
  result '"structured_output":{"n":1}'
  exec sleep 600
  ;;
mute) exec sleep 600 ;;
fails-wordless)
  say '{"type":"thread.started","thread_id":"t"}'
  say '{"type":"turn.failed"}'
  exit 1
  ;;
esac
