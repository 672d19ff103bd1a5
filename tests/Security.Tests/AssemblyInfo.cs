// The work that signing in costs is counted for the whole process, so that classes take turns.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
