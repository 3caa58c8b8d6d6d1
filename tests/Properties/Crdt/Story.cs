using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Testing;
using Replica.Testing.Histories;
using Replica.Testing.Model;
using Xunit;

namespace Replica.Tests.Properties.Crdt;

/// <summary>A short history on one node, told step by step, and what it shows in every order that causality allows.</summary>
internal sealed class Story
{
    private const int OrdersTried = 60;

    private static readonly Target.Node Node = new("x");
    private readonly Dictionary<char, HistoryWriter> _writers = [];
    private readonly Dictionary<Position, HashSet<Position>> _contexts = [];
    private readonly List<HistoryChange> _changes = [];
    private long _now = 1_700_000_000_000;

    public Story()
    {
        foreach (var (name, number) in new[] { ('a', 1UL), ('b', 2UL), ('c', 3UL) })
        {
            var writer = new HistoryWriter(new(new(number, 0)), new(number), name.ToString(), 0);
            _writers.Add(name, writer);
            Write(name, new(Target.Space.Instance, [writer.Header]));
        }
    }

    /// <summary>The next change of a writer, with these operations on the node; each story step has a later clock.</summary>
    public Story By(char writer, params Operation[] operations)
    {
        Write(writer, new(Node, operations));
        return this;
    }

    /// <summary>One writer learns all that another knows.</summary>
    public Story Hears(char writer, char other)
    {
        _writers[writer].Hear(_writers[other]);
        return this;
    }

    /// <summary>The place of an operation of the last change, as an add to a counter names it.</summary>
    public OperationPlace Last(int index = 0)
    {
        var last = _changes[^1];
        return new(new(last.Change.Dot.Log, last.Change.Dot.Seq, last.Head.Prefix), index);
    }

    /// <summary>Every order shows this, and the model does: fields as JSON, or nothing for no node; then how many conflicts.</summary>
    public void Shows(string? fields, int conflicts = 0)
    {
        var history = new History(default, _changes);
        var model = SlowModel.Fold(_changes.Select(c => c.Change));
        var lines = model.ToLines();
        Assert.Equal(fields is null ? 0 : 1, lines.Count(line => line.StartsWith("node ", StringComparison.Ordinal) && !line.Contains(" conflict in ")));
        Assert.Equal(conflicts, lines.Count(line => line.Contains(" conflict in ")));
        Assert.All(lines.Where(line => !line.Contains(" conflict in ")), line => Assert.Equal($"node \"x\" \"\" {fields}", line));
        for (ulong seed = 0; seed < OrdersTried; seed++)
        {
            var view = new HistoryView(history, new(seed));
            foreach (var next in history.Reorder(new Chance(seed)))
            {
                view.Apply(next.Change);
            }

            var element = view.Elements[Node];
            Assert.Equal(fields is not null, element.IsAlive);
            Assert.Equal(conflicts, Replica.Crdt.Elements.ConflictList.Of(element, view).Sum(c => c.Losers.Count));
            if (fields is not null)
            {
                Assert.Equal(fields, Replica.Crdt.Values.Value.From(element.ShownFields(view)).ToString());
            }
        }
    }

    private void Write(char writer, OperationGroup group) =>
        _changes.Add(_writers[writer].Write(_now += 10, [group], _contexts, isRedundant: false));
}
