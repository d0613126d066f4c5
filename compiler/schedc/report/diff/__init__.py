"""What a change of schedules means: in instants, in policies and in what runs, for each schedule on each target."""
