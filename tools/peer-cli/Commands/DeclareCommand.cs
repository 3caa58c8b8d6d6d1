using System.CommandLine;
using Replica.Crdt.Changes;
using Replica.Peer.Host;

namespace Replica.PeerCli.Commands;

/// <summary><c>declare RELATION to-one|to-many</c>: says how many edges of a relation one node shows.</summary>
internal static class DeclareCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var relation = Globals.Due("RELATION", "The relation");
        var cardinality = Globals.Due("CARDINALITY", "to-one or to-many");
        _ = cardinality.AcceptOnlyFromAmong("to-one", "to-many");
        var command = new Command("declare", "Say how many edges of a relation one node shows: one, or many") { relation, cardinality };
        command.SetAction((parse, cancellationToken) => Writes.CommitAsync(
            globals,
            parse,
            [new Mutation.Declare(parse.GetValue(relation)!, parse.GetValue(cardinality) == "to-one" ? Cardinality.ToOne : Cardinality.ToMany)],
            cancellationToken));
        return command;
    }
}
