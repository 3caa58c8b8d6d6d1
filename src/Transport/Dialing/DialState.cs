namespace Replica.Transport.Dialing;

/// <summary>An address without a session, as the status shows it.</summary>
/// <param name="Address">The address.</param>
/// <param name="Device">The device it should lead to, as far as it is known.</param>
/// <param name="IsDialling">Whether it is being dialled now.</param>
/// <param name="Detail">Why it failed last; empty if it did not.</param>
public sealed record DialState(PeerAddress Address, DeviceKey? Device, bool IsDialling, string Detail)
{
    /// <summary>How it was learned.</summary>
    public CandidateKind Kind { get; init; }

    /// <summary>When it is dialled again, if nothing happens before; null while it is dialled or waits for its turn.</summary>
    public TimeSpan? NextAt { get; init; }
}
