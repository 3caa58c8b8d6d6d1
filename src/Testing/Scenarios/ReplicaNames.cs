using Replica.Crdt.Causality;
using Replica.Testing.Ledgers;

namespace Replica.Testing.Scenarios;

/// <summary>Keys and nonces whose logs sort in the order in which a scenario lists its replicas.</summary>
internal static class ReplicaNames
{
    private const ulong Seed = 1;

    /// <summary>Draws so many, the log with the least name first.</summary>
    public static IReadOnlyList<(SimulatedSigner Signer, IncarnationNonce Nonce)> Draw(int count)
    {
        var chance = new Chance(Seed);
        return
        [
            .. Enumerable.Range(0, count)
                .Select(_ => (Author: AuthorKey.FromBytes(chance.Bytes(Bytes32.Size)), Nonce: new IncarnationNonce(chance.Next())))
                .OrderBy(static drawn => LogId.Derive(drawn.Author, drawn.Nonce))
                .Select(static drawn => (new SimulatedSigner(drawn.Author), drawn.Nonce)),
        ];
    }
}
