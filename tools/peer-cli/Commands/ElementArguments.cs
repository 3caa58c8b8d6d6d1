using System.CommandLine;
using Replica.Crdt.Changes;

namespace Replica.PeerCli.Commands;

/// <summary>How a command names a node, or with more options one of the edges that leave it.</summary>
internal sealed class ElementArguments
{
    private readonly Argument<string> _id;
    private readonly Option<string?> _relation = Globals.Text("--relation", "R", "Of an edge that leaves the node: what it means");
    private readonly Option<string?> _to = Globals.Text("--to", "ID", "Of an edge that leaves the node: the node it enters");
    private readonly Option<string?> _key = Globals.Text("--key", "KEY", "Which of parallel edges");

    /// <summary>Adds them to a command as its first argument and as options.</summary>
    public ElementArguments(Command command, bool isDue = true)
    {
        _id = new("ID")
        {
            Description = isDue ? "The node, or the node that the edge leaves" : "Only those of this node, or of an edge that leaves it",
            Arity = isDue ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne,
        };
        command.Add(_id);
        command.Add(_relation);
        command.Add(_to);
        command.Add(_key);
    }

    /// <summary>What the command line names.</summary>
    /// <exception cref="UsageException">An edge is named by half.</exception>
    public Target Read(ParseResult parse) => TryRead(parse) ?? throw new UsageException("ID is missing: name a node.");

    /// <summary>What the command line names; nothing if it names nothing.</summary>
    /// <exception cref="UsageException">An edge is named by half.</exception>
    public Target? TryRead(ParseResult parse)
    {
        var (id, relation, to, key) = (parse.GetValue(_id), parse.GetValue(_relation), parse.GetValue(_to), parse.GetValue(_key));
        return (id, relation, to) switch
        {
            (null, null, null) when key is null => null,
            ({ } node, null, null) when key is null => new Target.Node(node),
            ({ } from, { } named, { } entered) => new Target.Edge(from, named, entered, key ?? ""),
            _ => throw new UsageException("An edge is named by ID, --relation and --to, and --key among parallel ones: give all of them, or ID alone."),
        };
    }

    /// <summary>What is named, as it stands in a query.</summary>
    public (string Name, string? Value)[] Query(ParseResult parse) => TryRead(parse) switch
    {
        Target.Node node => [("id", node.Id)],
        Target.Edge edge => [("id", edge.From), ("relation", edge.Relation), ("to", edge.To), ("key", edge.Key)],
        _ => [],
    };
}
