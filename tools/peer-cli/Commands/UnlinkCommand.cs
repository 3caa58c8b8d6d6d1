using System.CommandLine;
using Replica.Crdt.Changes;
using Replica.Peer.Host;

namespace Replica.PeerCli.Commands;

/// <summary><c>unlink FROM RELATION TO</c>: deletes an edge.</summary>
internal static class UnlinkCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var from = Globals.Due("FROM", "The node it leaves");
        var relation = Globals.Due("RELATION", "What it means");
        var to = Globals.Due("TO", "The node it enters");
        var key = Globals.Text("--key", "KEY", "Which of parallel edges");
        var command = new Command("unlink", "Delete the link between two nodes") { from, relation, to, key };
        command.SetAction((parse, cancellationToken) =>
        {
            var edge = new Target.Edge(
                parse.GetValue(from)!, parse.GetValue(relation)!, parse.GetValue(to)!, parse.GetValue(key) ?? "");
            return Writes.CommitAsync(globals, parse, [new Mutation.UnlinkEdge(edge)], cancellationToken);
        });
        return command;
    }
}
