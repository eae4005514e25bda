#!/bin/sh
# An agent of the Agent Client Protocol that goes wrong in the way that its first argument names. Appends the numbers of its
# processes to the file that its second argument names. A shell, because hundreds of them are started.
kind=$1
pids=$2
echo "$$" >>"$pids"

say() {
  printf '%s\n' "$1"
}

# Answers the request of a line with a result.
reply() {
  rest=${1#*\"id\":}
  say "{\"jsonrpc\":\"2.0\",\"id\":${rest%%[!0-9]*},\"result\":$2}"
}

update() {
  say "{\"jsonrpc\":\"2.0\",\"method\":\"session/update\",\"params\":{\"sessionId\":\"s\",\"update\":$1}}"
}

words() {
  update "{\"sessionUpdate\":\"agent_message_chunk\",\"content\":{\"type\":\"text\",\"text\":\"$1\"}}"
}

letters() {
  head -c "$1" /dev/zero | tr '\0' 'x'
}

forever() {
  while :; do sleep 600; done
}

ask() {
  say "{\"jsonrpc\":\"2.0\",\"id\":$1,\"method\":\"$2\",\"params\":$3}"
}

turn() {
  case $kind in
  hangs-in-turn) forever ;;
  ignores-cancel)
    trap '' TERM INT HUP
    forever
    ;;
  forks-in-turn)
    for _ in 1 2 3; do
      setsid sleep 600 &
      echo "$!" >>"$pids"
    done
    forever
    ;;
  updates-forever) while :; do words "again and again"; done ;;
  exits-in-turn) exit 0 ;;
  breaks-off-in-turn)
    printf '{"jsonrpc":"2.0","method":"session/upd'
    exit 1
    ;;
  endless-line-in-turn)
    letters 64000000
    exit 1
    ;;
  floods-errors-in-turn)
    letters 2000000 | fold -w 200 >&2
    exit 3
    ;;
  refuses)
    rest=${1#*\"id\":}
    say "{\"jsonrpc\":\"2.0\",\"id\":${rest%%[!0-9]*},\"error\":{\"code\":-32603,\"message\":\"no\"}}"
    ;;
  nothing-said) reply "$1" '{"stopReason":"end_turn"}' ;;
  odd-updates)
    update null
    update '{"sessionUpdate":"a new kind","content":[1,2]}'
    update '{"sessionUpdate":"tool_call_update","toolCallId":7,"status":{}}'
    update '{"sessionUpdate":"plan","entries":"all"}'
    say '{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"another","update":{}}}'
    say '{"jsonrpc":"2.0","id":99999,"result":{}}'
    say '[]'
    say '17'
    reply "$1" '{"stopReason":"of its own"}'
    ;;
  asks-for-files)
    ask 901 fs/read_text_file '{"sessionId":"s","path":"/etc/passwd"}'
    ask 902 fs/write_text_file '{"sessionId":"s","path":"/tmp/not-yours","content":"x"}'
    ask 903 terminal/create '{"sessionId":"s","command":"touch","args":["/tmp/not-yours"]}'
    ask 904 session/of_its_own '{}'
    reply "$1" '{"stopReason":"end_turn"}'
    ;;
  wrong-data)
    words '{\"n\":\"x\"}'
    reply "$1" '{"stopReason":"end_turn"}'
    ;;
  only-words)
    words 'I would rather not.'
    reply "$1" '{"stopReason":"end_turn"}'
    ;;
  deep-words)
    words "$(letters 20000 | tr x '[')"
    reply "$1" '{"stopReason":"end_turn"}'
    ;;
  leaves-daemon-in-turn)
    (cd / && setsid sh -c 'echo "$$" >>"$1"; exec sleep 600' sh "$pids" </dev/null >/dev/null 2>&1 &)
    until [ "$(wc -l <"$pids")" -gt 1 ]; do :; done
    words no
    reply "$1" '{"stopReason":"end_turn"}'
    ;;
  esac
}

while read -r line; do
  case $line in
  *'"method":"initialize"'*)
    case $kind in
    other-version) reply "$line" '{"protocolVersion":99,"agentCapabilities":{}}' ;;
    no-json-at-all)
      letters 200000 | fold -w 100
      exit 0
      ;;
    wrong-ids) while :; do say '{"jsonrpc":"2.0","id":77,"result":{}}'; sleep 1; done ;;
    *) reply "$line" '{"protocolVersion":1,"agentCapabilities":{}}' ;;
    esac
    ;;
  *'"method":"session/new"'*)
    case $kind in
    no-session) reply "$line" '{}' ;;
    *) reply "$line" '{"sessionId":"s"}' ;;
    esac
    ;;
  *'"method":"session/prompt"'*) turn "$line" ;;
  esac
done
