namespace Replica.Transport.Discovery;

/// <summary>An announcement that was heard.</summary>
/// <param name="Instance">The announcer's name: 16 random hex digits for an hour.</param>
/// <param name="Address">Where it says it is.</param>
/// <param name="IsKnown">Whether one of its tags is one of ours.</param>
public sealed record LanSighting(string Instance, PeerAddress Address, bool IsKnown)
{
    /// <summary>Whether the packet came from another address than the one it names: from a repeater, or a liar.</summary>
    public bool IsHearsay { get; init; }

    /// <summary>
    /// Another address of the announcer, known already: packets came from both, and each named the other. A liar can't get
    /// there, as what comes from the true address names none of the liar's. Null if there is none.
    /// </summary>
    public PeerAddress? Beside { get; init; }
}
