namespace Replica.Peer.Membership;

/// <summary>A join that waits for a member to be reached. Zeroed when disposed.</summary>
/// <param name="Ticket">The ticket, which belongs to this object.</param>
/// <param name="DisplayName">What this device wishes to be called; at most 256 bytes of UTF-8.</param>
public sealed record PendingJoin(Ticket Ticket, string DisplayName) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Ticket.Dispose();
}
