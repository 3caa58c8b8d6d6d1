using Replica.Crdt.Changes;

namespace Replica.Peer.Membership;

/// <summary>What the two sides of a channel say until a space is admitted on it: docs/protocol-admission.md.</summary>
public abstract record AdmissionMessage
{
    private AdmissionMessage()
    {
    }

    /// <summary>16: the opener names a space and shows that it holds the secret.</summary>
    /// <param name="Tag">Names the space to its members.</param>
    /// <param name="Proof">The opener's proof.</param>
    public sealed record Open(AdmissionTag Tag, AdmissionProof Proof) : AdmissionMessage;

    /// <summary>17: the answerer holds the secret too; synchronisation may begin.</summary>
    /// <param name="Proof">The answerer's proof.</param>
    public sealed record Opened(AdmissionProof Proof) : AdmissionMessage;

    /// <summary>18: no such space or invitation, or no proof of it: one answer for all.</summary>
    public sealed record Unknown : AdmissionMessage;

    /// <summary>19: the space is open already, on another channel of this session.</summary>
    public sealed record Duplicate : AdmissionMessage;

    /// <summary>20: the opener holds an invitation.</summary>
    /// <param name="Tag">Names the invitation to the members.</param>
    /// <param name="Name">What the newcomer's device is to be called; at most 256 bytes of UTF-8.</param>
    /// <param name="Signature">By the invitation key, over space, invitation and the newcomer's device key.</param>
    public sealed record Join(AdmissionTag Tag, string Name, SignatureBytes Signature) : AdmissionMessage;

    /// <summary>21: the newcomer is admitted and gets the space secret.</summary>
    /// <param name="Secret">The secret; its text is hidden.</param>
    public sealed record Welcome(SpaceSecret Secret) : AdmissionMessage;

    /// <summary>22: the invitation's time is over; said only to who holds its private half.</summary>
    public sealed record Expired : AdmissionMessage;

    /// <summary>23: the invitation has let in as many as it may; said only to who holds its private half.</summary>
    public sealed record UsedUp : AdmissionMessage;

    /// <summary>24: the invitation was taken back; said only to who holds its private half and knows this message.</summary>
    public sealed record Cancelled : AdmissionMessage;
}
