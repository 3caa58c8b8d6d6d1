using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Crdt.Elements;
using Replica.Testing;
using Replica.Testing.Histories;

namespace Replica.Tests.Properties.Crdt;

/// <summary>Merges a history into elements as a ledger would, with branch numbers given out at random.</summary>
internal sealed class HistoryView : ICausalView
{
    private readonly Dictionary<LogId, BranchId> _branches;
    private readonly Dictionary<Dot, VersionVector> _contexts = [];
    private readonly Dictionary<Dot, Change> _changes;
    private readonly Dictionary<Dot, HeadPrefix> _heads;
    private OperationContext _at;

    public HistoryView(History history, Chance chance)
    {
        var logs = history.Changes.Select(c => c.Change.Dot.Log).Distinct().ToArray();
        chance.Shuffle(logs);
        _branches = logs.Index().ToDictionary(log => log.Item, log => new BranchId(log.Index));
        _changes = history.Changes.ToDictionary(c => c.Change.Dot, c => c.Change);
        _heads = history.Changes.ToDictionary(c => c.Change.Dot, c => c.Head.Prefix);
    }

    public Dictionary<Target, Element> Elements { get; } = [];

    public void Apply(Change change)
    {
        var dot = change.Dot;
        var branch = _branches[dot.Log];
        var context = dot.Seq > 1 ? _contexts[dot with { Seq = dot.Seq - 1 }].Clone() : new();
        _ = context.Raise(branch, dot.Seq - 1);
        foreach (var dep in change.Deps)
        {
            context.Join(_contexts[dep.Dot]);
            _ = context.Raise(_branches[dep.Log], dep.Seq);
        }

        _contexts[dot] = context;
        var index = 0;
        foreach (var group in change.Groups)
        {
            foreach (var operation in group.Operations)
            {
                _at = new(context, branch, dot.Seq, index);
                if (group.Target is not Target.Space)
                {
                    Elements.TryAdd(group.Target, new(group.Target is Target.Edge));
                    Elements[group.Target].Apply(operation, new(change.Time, branch, dot.Seq, index), this);
                }

                index++;
            }
        }
    }

    /// <summary>The stamp of a change's first operation.</summary>
    public Stamp StampOf(Change change) => new(change.Time, _branches[change.Dot.Log], change.Dot.Seq, 0);

    /// <summary>Everything an element holds, shown or not, in words that do not depend on the order of arrival.</summary>
    public string Describe(Element element) => string.Join('\n',
    [
        $"alive {element.IsAlive}",
        Describe("writes", element.Writes),
        Describe("type", element.Type.Entries),
        Describe("vector", element.Vector.Entries),
        Describe("links", element.Links.Entries),
        .. element.Fields.ToArray().SelectMany(Describe),
    ]);

    public bool HappensBefore(Stamp earlier) => _at.Covers(earlier);

    public HeadPrefix HeadOf(BranchId branch, ulong seq) => _heads[new(LogOf(branch), seq)];

    public LogId LogOf(BranchId branch) => _branches.Single(pair => pair.Value == branch).Key;

    public ChangeHash HashOf(BranchId branch, ulong seq) => _changes[new(LogOf(branch), seq)].Hash();

    private IEnumerable<string> Describe(Field field)
    {
        yield return Describe(field.Name, field.Register.Entries);
        if (field.Counter is { } counter)
        {
            var origins = counter.Origins.ToArray().Select(Describe).Order(StringComparer.Ordinal);
            yield return Describe($"  counter since {string.Join(' ', origins)}", counter.Heads);
            yield return "  sums " + string.Join(", ", counter.Sums.ToArray().Select(Describe).Order(StringComparer.Ordinal));
        }

        foreach (var member in field.Set?.Members.ToArray() ?? [])
        {
            yield return Describe($"  member {member.Value}", member.Entries);
        }
    }

    private string Describe(CounterSum sum) =>
        $"{(sum.Base is { } named ? Describe(named) : "none")} {sum.Sum} [{string.Join(' ', sum.Marks.Select(Describe).Order(StringComparer.Ordinal))}]"
        + $" last {Describe(sum.Latest)}";

    private string Describe(string name, ReadOnlySpan<Entry> entries)
    {
        var all = new List<string>();
        foreach (var entry in entries)
        {
            var marks = entry.Marks.Select(Describe).Order(StringComparer.Ordinal);
            all.Add($"{Describe(entry.Stamp)} {entry.Value?.ToString() ?? "-"} [{string.Join(' ', marks)}]");
        }

        all.Sort(StringComparer.Ordinal);
        return $"{name}: {string.Join(", ", all)}";
    }

    private string Describe(Stamp stamp) => $"{LogOf(stamp.Branch)}:{stamp.Seq}/{stamp.Index}";
}
