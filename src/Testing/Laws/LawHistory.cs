using System.Text;
using Replica.Crdt.Causality;

namespace Replica.Testing.Laws;

/// <summary>What replicas did and heard, and the operations with their stamps and contexts that this makes.</summary>
/// <typeparam name="TOperation">What replicas send each other.</typeparam>
internal sealed class LawHistory<TOperation>
{
    private readonly VersionVector[] _known;
    private readonly HybridClock[] _clocks;
    private readonly List<LawStep<TOperation>> _steps = [];
    private readonly List<LawOperation<TOperation>> _operations = [];

    /// <summary>An empty history.</summary>
    public LawHistory(int replicas)
    {
        _known = [.. Enumerable.Range(0, replicas).Select(static _ => new VersionVector())];
        _clocks = [.. Enumerable.Range(0, replicas).Select(static _ => new HybridClock(default))];
    }

    public IReadOnlyList<LawStep<TOperation>> Steps => _steps;

    /// <summary>In the order in which they were done, which is a legal one.</summary>
    public IReadOnlyList<LawOperation<TOperation>> Operations => _operations;

    public int Replicas => _known.Length;

    /// <summary>The history that these steps make.</summary>
    public static LawHistory<TOperation> Of(int replicas, IEnumerable<LawStep<TOperation>> steps)
    {
        var history = new LawHistory<TOperation>(replicas);
        foreach (var step in steps)
        {
            _ = history.Add(step);
        }

        return history;
    }

    /// <summary>Adds a step.</summary>
    /// <returns>The operations that are new at the step's replica, in a legal order.</returns>
    public IReadOnlyList<LawOperation<TOperation>> Add(LawStep<TOperation> step)
    {
        _steps.Add(step);
        if (step is LawStep<TOperation>.Hear hear)
        {
            var known = _known[hear.Replica].Clone();
            _known[hear.Replica].Join(_known[hear.From]);
            var news = _operations.FindAll(operation =>
                Covers(_known[hear.From], operation) && !Covers(known, operation));
            news.ForEach(operation => _clocks[hear.Replica].Observe(operation.Stamp.Time));
            return news;
        }

        var write = (LawStep<TOperation>.Write)step;
        var branch = new BranchId(write.Replica);
        var seq = _known[write.Replica][branch] + 1;
        var done = new LawOperation<TOperation>(
            write.Operation, new(_clocks[write.Replica].Next(write.Milliseconds), branch, seq, 0), _known[write.Replica].Clone());
        _ = _known[write.Replica].Raise(branch, seq);
        _operations.Add(done);
        return [done];
    }

    /// <summary>The operations that a replica knows at the end, in the order in which they were done.</summary>
    public IReadOnlyList<LawOperation<TOperation>> KnownTo(int replica) => _operations.FindAll(operation => Covers(_known[replica], operation));

    /// <summary>The history as a person may read it.</summary>
    public string ToStory()
    {
        var story = new StringBuilder();
        var next = 0;
        foreach (var step in _steps)
        {
            if (step is LawStep<TOperation>.Hear hear)
            {
                _ = story.AppendLine($"  r{hear.Replica} hears all that r{hear.From} knows");
                continue;
            }

            var done = _operations[next++];
            _ = story.AppendLine($"  {done.Name} at {done.Stamp.Time.UnixMilliseconds}+{done.Stamp.Time.Counter}: {done.Operation}");
        }

        return story.ToString().TrimEnd();
    }

    private static bool Covers(VersionVector known, LawOperation<TOperation> operation) =>
        known.Covers(operation.Stamp.Branch, operation.Stamp.Seq);
}
