using System.Buffers;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Membership;
using Replica.Transport;
using Replica.Transport.Noise;

namespace Replica.Tests.Properties.Membership;

/// <summary>One side of a session: its gate, and one channel whose effects are written down in order.</summary>
internal sealed class Side : IAdmissionEffects
{
    public Side(NoiseRole role, byte[]? handshakeHash = null)
        : this(MakeGate(role, handshakeHash))
    {
    }

    private Side(AdmissionGate gate)
    {
        Gate = gate;
        Session = new AdmissionSession(gate, this);
    }

    public AdmissionGate Gate { get; }

    public AdmissionSession Session { get; }

    /// <summary>What was sent and not delivered yet, as bytes: a welcome's secret is only lent.</summary>
    public Queue<byte[]> Sent { get; } = new();

    /// <summary>What was asked for besides sending: one line each.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>Texts meant for logs.</summary>
    public List<string> Texts { get; } = [];

    /// <summary>What the last Admit asked for.</summary>
    public (SpaceId Space, AuthorKey Invitation, AuthorKey Device, string Name, SignatureBytes Signature)? Newcomer { get; private set; }

    /// <summary>A copy of the secret that was to be stored.</summary>
    public byte[]? Stored { get; private set; }

    /// <summary>Another channel of the same session.</summary>
    public Side NewChannel() => new(Gate);

    /// <summary>With the space that all tests are about.</summary>
    public Side WithSpace(SpaceSecret? secret = null)
    {
        using var own = secret ?? Members.Secret();
        Gate.AddSpace(Members.Space, own);
        return this;
    }

    /// <summary>With the space and the invitation to it.</summary>
    public Side AsSponsor()
    {
        WithSpace();
        using var invitation = Members.Invitation();
        Gate.SetInvitations(Members.Space, [invitation.Key]);
        return this;
    }

    /// <summary>Delivers everything that both sides have to say, through the codec.</summary>
    public void Talk(Side other)
    {
        while (Sent.Count + other.Sent.Count > 0)
        {
            if (Sent.TryDequeue(out var message))
            {
                other.Session.OnMessage(AdmissionMessageCodec.Read(message));
            }
            else
            {
                Session.OnMessage(AdmissionMessageCodec.Read(other.Sent.Dequeue()));
            }
        }
    }

    /// <summary>The next message that waits to be delivered.</summary>
    public AdmissionMessage Next() => AdmissionMessageCodec.Read(Sent.Dequeue());

    public void Send(AdmissionMessage message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        AdmissionMessageCodec.Write(buffer, message);
        Sent.Enqueue(buffer.WrittenSpan.ToArray());
    }

    public void Admit(SpaceId space, AuthorKey invitation, AuthorKey device, string name, SignatureBytes signature)
    {
        Newcomer = (space, invitation, device, name, signature);
        Asked.Add("admit");
    }

    public void StoreSecret(SpaceId space, SpaceSecret secret)
    {
        Stored = secret.Bytes.ToArray();
        secret.Dispose();
        Asked.Add("store");
    }

    public void Reopen(SpaceId space) => Asked.Add("reopen");

    public void Admitted(SpaceId space) => Asked.Add("admitted");

    public void Refused(AdmissionFailure reason, string text)
    {
        Asked.Add($"refused {reason}");
        Texts.Add(text);
    }

    public void EndSession(AdmissionFailure reason, string text)
    {
        Asked.Add($"end {reason}");
        Texts.Add(text);
    }

    private static AdmissionGate MakeGate(NoiseRole role, byte[]? handshakeHash)
    {
        using var initiator = Members.Initiator();
        using var responder = Members.Responder();
        DeviceKey[] keys = [initiator.PublicKey, responder.PublicKey];
        return new AdmissionGate(role, handshakeHash ?? Members.HandshakeHash, keys[(int)role], keys[1 - (int)role]);
    }
}
