using System.CommandLine;
using System.Text.Json;
using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.PeerCli.Control;
using Replica.PeerCli.Output;
using Replica.Web.Json;

namespace Replica.PeerCli.Commands;

/// <summary>The end that all writing commands share.</summary>
internal static class Writes
{
    /// <summary>The fields that are to go, as a step of a transaction; none if there are none.</summary>
    /// <exception cref="UsageException">A field is both set and removed.</exception>
    public static IEnumerable<Mutation> Removal(Target target, IReadOnlyList<KeyValuePair<string, Value>> set, string[]? removed)
    {
        if (removed is null or [])
        {
            return [];
        }

        return set.FirstOrDefault(field => removed.Contains(field.Key)).Key is { } both
            ? throw new UsageException($"The field '{both}' is both set and removed; say which.")
            : [new Mutation.RemoveFields(target, removed)];
    }

    /// <summary>Commits one transaction and says what became of it.</summary>
    /// <exception cref="UsageException">An id, name or value is outside its limits.</exception>
    public static async Task CommitAsync(
        Globals globals, ParseResult parse, IReadOnlyList<Mutation> mutations, CancellationToken cancellationToken)
    {
        foreach (var mutation in mutations)
        {
            try
            {
                MutationLimits.Check(mutation);
            }
            catch (EncodingException fault)
            {
                throw new UsageException(fault.Message);
            }
        }

        await using var home = await globals.OpenAsync(parse, cancellationToken);
        var receipt = await home.Client.WriteAsync(globals.SpaceOf(parse), mutations, cancellationToken);
        if (globals.IsJson(parse))
        {
            globals.Terminal.JsonLine(receipt);
            return;
        }

        using var document = JsonDocument.Parse(receipt);
        var dot = Answer.Text(document.RootElement, "dot");
        globals.Terminal.Line(dot.Length == 0
            ? "nothing to change"
            : $"change {DotText.Short(dot)}, {Words.Count(Answer.Number(document.RootElement, "operations"), "operation")}");
    }
}
