"""The scheduled time of a run, worked out in its own pod by `/bin/sh` from the name of its Job.

The CronJob controller names a Job after its CronJob and the minutes from 1970 to the scheduled time; Kubernetes puts
that name on the pod as a label, and the label into a variable. The script below is the container's command. Its first
argument is the name of the CronJob; of the words that follow, `text:` is literal, `time:` is a format, and `env:` is a
variable's name with a format. Then the script becomes the command, so that signals reach the program itself. It uses
nothing but the shell's own words and numbers below 2^31.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schedc.ir.workload import Container, EnvValue, ScheduledTime, Text

VARIABLE = "SCHEDC_JOB_NAME"
LABEL = "batch.kubernetes.io/job-name"
PREFIX = "schedc_"
"""Of the shell variables of the script."""

SCRIPT = """\
case $SCHEDC_JOB_NAME in
"$1"-[1-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]) ;;
*)
  echo "schedc: no scheduled time: the Job is called '$SCHEDC_JOB_NAME', not '$1-MINUTES' (8 digits, since 1970)" >&2
  exit 64 ;;
esac
schedc_minute=${SCHEDC_JOB_NAME##*-}
unset SCHEDC_JOB_NAME
shift
# The day in years that begin in March, and then the month and day of it.
schedc_day=$((schedc_minute / 1440 + 719468))
schedc_era=$((schedc_day / 146097))
schedc_day=$((schedc_day % 146097))
schedc_year=$(((schedc_day - schedc_day / 1460 + schedc_day / 36524 - schedc_day / 146096) / 365))
schedc_day=$((schedc_day - 365 * schedc_year - schedc_year / 4 + schedc_year / 100))
schedc_month=$(((5 * schedc_day + 2) / 153))
schedc_d=$((100 + schedc_day - (153 * schedc_month + 2) / 5 + 1))
schedc_year=$((schedc_year + 400 * schedc_era))
if [ $schedc_month -lt 10 ]; then
  schedc_m=$((103 + schedc_month))
  schedc_leap=$(((schedc_year % 4 == 0) - (schedc_year % 100 == 0) + (schedc_year % 400 == 0)))
  schedc_j=$((1060 + schedc_day + schedc_leap))
else
  schedc_m=$((91 + schedc_month))
  schedc_year=$((schedc_year + 1))
  schedc_j=$((695 + schedc_day))
fi
schedc_H=$((100 + schedc_minute / 60 % 24))
schedc_M=$((100 + schedc_minute % 60))
schedc_y=$((100 + schedc_year % 100))
for schedc_word do
  shift
  schedc_left=${schedc_word#*:}
  schedc_name=
  case $schedc_word in
  text:*) set -- "$@" "$schedc_left"; continue ;;
  env:*) schedc_name=${schedc_left%%=*} schedc_left=${schedc_left#*=} ;;
  esac
  schedc_text=
  while :; do
    schedc_text=$schedc_text${schedc_left%%"%"*}
    case $schedc_left in
    *%*) schedc_left=${schedc_left#*%} ;;
    *) break ;;
    esac
    case $schedc_left in
    Y*) schedc_text=$schedc_text$schedc_year ;;
    m*) schedc_text=$schedc_text${schedc_m#1} ;;
    d*) schedc_text=$schedc_text${schedc_d#1} ;;
    H*) schedc_text=$schedc_text${schedc_H#1} ;;
    M*) schedc_text=$schedc_text${schedc_M#1} ;;
    S*) schedc_text=${schedc_text}00 ;;
    j*) schedc_text=$schedc_text${schedc_j#1} ;;
    y*) schedc_text=$schedc_text${schedc_y#1} ;;
    %*) schedc_text=$schedc_text% ;;
    esac
    schedc_left=${schedc_left#?}
  done
  case $schedc_name in
  "") set -- "$@" "$schedc_text" ;;
  *) export "$schedc_name=$schedc_text" ;;
  esac
done
exec "$@"
"""


def tells_time(run: Container) -> bool:
    """Whether the container is given the scheduled time in some way."""
    values = (*run.env.values(), *(run.command or ()), *(run.args or ()))
    return any(isinstance(value, ScheduledTime) for value in values)


def command(cronjob: str, words: Sequence[Text], env: Mapping[str, EnvValue]) -> list[str]:
    """The command that starts the words of another one, with the variables that are scheduled times."""
    times = [f"env:{name}={value.format}" for name, value in sorted(env.items()) if isinstance(value, ScheduledTime)]
    return ["/bin/sh", "-c", SCRIPT, "schedc", cronjob, *times, *tagged(words)]


def tagged(words: Sequence[Text]) -> list[str]:
    return [f"time:{word.format}" if isinstance(word, ScheduledTime) else f"text:{word}" for word in words]
