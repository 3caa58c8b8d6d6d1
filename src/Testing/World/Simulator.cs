namespace Replica.Testing.World;

/// <summary>Runs whole peers on virtual time and a simulated network; one seed decides everything.</summary>
public static class Simulator
{
    /// <summary>How many shorter histories are tried to find the shortest that fails.</summary>
    private const int TriesMax = 400;

    /// <summary>Runs one history.</summary>
    /// <param name="seed">Decides everything; the same seed gives the same history, byte for byte.</param>
    /// <param name="options">What is simulated.</param>
    public static SimulationResult Run(ulong seed, SimulationOptions options)
    {
        using var world = new SimulatedWorld(seed, options);
        try
        {
            world.Run();
            return new(seed, null, world.Steps, world.Peers[0].Store.Durable.Sum(static position => (int)position.Seq), world.Counts);
        }
        catch (SimulationException failure)
        {
            return new(seed, failure, world.Steps, 0, world.Counts);
        }
        catch (Exception fault)
        {
            var failure = new SimulationException($"{fault.GetType().Name}: {fault.Message}", fault);
            return new(seed, failure, world.Steps, 0, world.Counts);
        }
    }

    /// <summary>Finds the fewest steps with which a failing seed still fails, and tells their story.</summary>
    /// <param name="seed">A seed that fails with these options.</param>
    /// <param name="options">What was simulated.</param>
    /// <returns>Nothing if it does not fail when it is run again.</returns>
    public static SimulationStory? Shrink(ulong seed, SimulationOptions options)
    {
        // Asked after every commit, the model says at once which one went wrong.
        var quiet = options with { Trace = null };
        var eager = quiet with { IsEager = true };
        var how = Run(seed, eager).Failure is null ? quiet : eager;
        var whole = Run(seed, how);
        if (whole.Failure is null)
        {
            return null;
        }

        var kept = Enumerable.Range(0, whole.Steps).ToList();
        var tries = 0;
        for (var size = Math.Max(1, kept.Count / 2); tries < TriesMax; size = Math.Max(1, size / 2))
        {
            var before = kept.Count;
            for (var at = 0; at < kept.Count && tries < TriesMax;)
            {
                var fewer = kept.Where((_, index) => index < at || index >= at + size).ToList();
                tries++;
                if (Run(seed, how with { Steps = fewer.ToHashSet() }).Failure is not null)
                {
                    kept = fewer;
                }
                else
                {
                    at += size;
                }
            }

            if (size == 1 && kept.Count == before)
            {
                break;
            }
        }

        var lines = new List<string>();
        var story = Run(seed, how with { Steps = kept.ToHashSet(), Trace = lines.Add });
        return story.Failure is { } failure ? new(kept.ToHashSet(), lines, failure) : null;
    }
}
