using System.Buffers.Binary;
using Replica.Crdt.Causality;
using Replica.Crdt.Changes;
using Replica.Peer.Store;

namespace Replica.Testing.Ledgers;

/// <summary>Stands in for Ed25519 where signing would be most of the cost: a tag of 64 bytes keyed with the public key.</summary>
/// <remarks>Everyone can make everyone's tags, so it keeps out accidents and not liars. Never use it outside a test.</remarks>
internal sealed class SimulatedSigner(AuthorKey author) : LedgerIdentity
{
    public override AuthorKey Author => author;

    public override SignatureBytes SignHead(SpaceId space, Dot end, ChainHead head) => Sign(author, space, end, head);

    public override bool VerifyHead(AuthorKey author, SpaceId space, Dot end, ChainHead head, SignatureBytes signature) =>
        Sign(author, space, end, head) == signature;

    public override bool VerifyAdmit(SpaceId space, Operation.Admit admit) =>
        SignAdmit(space, admit.Invitation, admit.Device) == admit.Signature;

    /// <summary>The tag of any author over a head.</summary>
    public static SignatureBytes Sign(AuthorKey author, SpaceId space, Dot end, ChainHead head)
    {
        Span<byte> message = stackalloc byte[(3 * Bytes32.Size) + LogId.Size + sizeof(ulong)];
        author.Value.CopyTo(message);
        space.Value.CopyTo(message[Bytes32.Size..]);
        head.Value.CopyTo(message[(2 * Bytes32.Size)..]);
        end.Log.CopyTo(message[(3 * Bytes32.Size)..]);
        BinaryPrimitives.WriteUInt64BigEndian(message[((3 * Bytes32.Size) + LogId.Size)..], end.Seq);
        return Tag(message);
    }

    /// <summary>The tag of an invitation over a device that comes in with it.</summary>
    public static SignatureBytes SignAdmit(SpaceId space, AuthorKey invitation, AuthorKey device) =>
        Tag([.. invitation.ToArray(), .. space.ToArray(), .. device.ToArray()]);

    /// <summary>64 bytes of which each depends on every byte of the message; it has whole words of 8 bytes.</summary>
    private static SignatureBytes Tag(ReadOnlySpan<byte> message)
    {
        var state = (ulong)message.Length;
        for (var at = 0; at < message.Length; at += sizeof(ulong))
        {
            state = new Chance(state ^ BinaryPrimitives.ReadUInt64BigEndian(message[at..])).Next();
        }

        var stream = new Chance(state);
        var tag = new byte[SignatureBytes.Size];
        for (var at = 0; at < tag.Length; at += sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64BigEndian(tag.AsSpan(at), stream.Next());
        }

        return new(tag);
    }
}
