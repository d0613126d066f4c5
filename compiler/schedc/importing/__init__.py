"""What exists becomes schedule YAML: CronJobs, crontabs, artifacts, each read in its own engine's meaning.

A source is one module in `schedc.importing.sources` that holds `SOURCE`, a `schedc.importing.source.Source`; such
modules are found by listing the package. To add one:

1. `recognises(item)` says by content whether an item is its own. An item is a whole text (`item.node` is None: a
   crontab, a Python file), or one document of a YAML or JSON file with the places of all keys (`item.node`; the items
   of a `v1.List` come one by one).
2. `read(item, settings, sink)` yields a `Found` for each schedule: its fields in the words of the language
   (`frontend/fields.py`), the place of each, and what its engine was `told`. Leave `dst_gap` and `dst_fold` out:
   `clock_changes.py` asks the engine and declares what it does, where that matters. `cron_words.py` gives the text of
   a calendar. `Keys` of `keys.py` takes a mapping's keys one by one, and reports each that nobody took.
3. What cannot be carried is told to the sink at its place: `NOT_CARRIED` (a part), `NOT_IMPORTED` (a whole schedule),
   `ASSUMED` (what the source does not say). Secrets need no care: `secrets.py` takes them out of every source.
4. Where `Told.engine` is not the engine of a target, its model is a module of `schedc.engines` with `ENGINES`.
   `checking.py` then holds what was written against it: read back, compiled, the same instants, the same workload
   (`Found.deployed`, where a target's own reader can say it). A difference is reported.
5. `tests/importing/`: a table of its keys, a golden, and a line in the laws.

The steps: `reading` -> `names` -> `secrets` -> `recalled` (artifacts of schedc) -> `clock_changes` -> `writing` ->
`checking`. `run` has them in their order.
"""
