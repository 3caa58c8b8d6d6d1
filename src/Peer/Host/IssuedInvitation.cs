namespace Replica.Peer.Host;

/// <summary>An invitation that was just made, with the one copy of its ticket.</summary>
/// <param name="Invitation">Its public key, hex: by this it is listed and cancelled.</param>
/// <param name="Ticket">The ticket: a secret. Who has it may come in.</param>
public sealed record IssuedInvitation(string Invitation, string Ticket)
{
    /// <summary>The public key alone.</summary>
    public override string ToString() => $"invitation {Invitation} (ticket hidden)";
}
