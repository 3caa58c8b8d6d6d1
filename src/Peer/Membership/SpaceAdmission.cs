using Replica.Crdt.Causality;
using Replica.Transport.Noise;

namespace Replica.Peer.Membership;

/// <summary>One space in one session: its secret, and what each side says to open it. Zeroed when disposed.</summary>
internal sealed class SpaceAdmission : IDisposable
{
    /// <summary>Computes both sides' tags and proofs once, and keeps a copy of the secret.</summary>
    public SpaceAdmission(SpaceId space, SpaceSecret secret, NoiseRole self, ReadOnlySpan<byte> handshakeHash)
    {
        Space = space;
        Secret = secret.Copy();
        var other = self == NoiseRole.Initiator ? NoiseRole.Responder : NoiseRole.Initiator;
        (OwnTag, OwnProof) = AdmissionKeys.OpenPair(space, Secret, self, handshakeHash);
        (OtherTag, OtherProof) = AdmissionKeys.OpenPair(space, Secret, other, handshakeHash);
    }

    public SpaceId Space { get; }

    public SpaceSecret Secret { get; }

    public AdmissionTag OwnTag { get; }

    public AdmissionProof OwnProof { get; }

    public AdmissionTag OtherTag { get; }

    public AdmissionProof OtherProof { get; }

    /// <summary>Open invitations, by public key.</summary>
    public IReadOnlyList<AuthorKey> Invitations { get; set; } = [];

    public void Dispose() => Secret.Dispose();
}
