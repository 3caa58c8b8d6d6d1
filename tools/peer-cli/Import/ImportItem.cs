using Replica.Peer.Host;

namespace Replica.PeerCli.Import;

/// <summary>What one line of an imported file says, or what is wrong with it.</summary>
/// <param name="Line">Where it begins, counted from 1.</param>
/// <param name="Mutations">What makes it so; empty where there is a fault.</param>
/// <param name="Fault">Why nothing can be made of it; null if all is well.</param>
internal readonly record struct ImportItem(long Line, IReadOnlyList<Mutation> Mutations, string? Fault)
{
    /// <summary>A good line.</summary>
    public static ImportItem Good(long line, IReadOnlyList<Mutation> mutations) => new(line, mutations, null);

    /// <summary>A bad one.</summary>
    public static ImportItem Bad(long line, string fault) => new(line, [], fault);
}
