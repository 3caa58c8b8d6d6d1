using Replica.Crdt.Causality;
using Replica.Crdt.Changes;

namespace Replica.Peer.Membership;

/// <summary>What an <see cref="AdmissionSession"/> asks of the world. It may call back at once or later.</summary>
public interface IAdmissionEffects
{
    /// <summary>Sends one message on the channel, in order. It is encoded before this returns: a welcome's secret is lent.</summary>
    void Send(AdmissionMessage message);

    /// <summary>
    /// Answerer: asks whether the invitation is open and, if so, commits the <c>admit</c>. The holder of the invitation key
    /// was proved and the signature is valid. Answered by <see cref="AdmissionSession.OnAdmit"/>, once it is durable.
    /// </summary>
    /// <param name="space">The space.</param>
    /// <param name="invitation">The invitation's public key.</param>
    /// <param name="device">The newcomer: the device of this session.</param>
    /// <param name="name">What it wishes to be called; a stranger's text, to be escaped where it is shown.</param>
    /// <param name="signature">Goes into the <c>admit</c>.</param>
    void Admit(SpaceId space, AuthorKey invitation, AuthorKey device, string name, SignatureBytes signature);

    /// <summary>
    /// Newcomer: stores the secret durably, then deletes the ticket (<see cref="KeyStore.StoreSecret"/> does both).
    /// Answered by <see cref="AdmissionSession.OnSecretStored"/>.
    /// </summary>
    /// <param name="space">The space that the ticket leads to.</param>
    /// <param name="secret">The receiver owns it and disposes it.</param>
    void StoreSecret(SpaceId space, SpaceSecret secret);

    /// <summary>Newcomer: this channel has done its work. Close it, and open the space on a new one of the same session.</summary>
    void Reopen(SpaceId space);

    /// <summary>Both proofs are checked: synchronisation of the space starts on this channel.</summary>
    void Admitted(SpaceId space);

    /// <summary>This channel came to nothing: close it; the session goes on.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="text">For the log; without secrets and without the other side's text.</param>
    void Refused(AdmissionFailure reason, string text);

    /// <summary>The other side is at fault: end the session, and dial its address again only after a long time.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="text">For the log; without secrets and without the other side's text.</param>
    void EndSession(AdmissionFailure reason, string text);
}
