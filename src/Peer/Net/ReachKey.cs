using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Replica.Crdt.Causality;
using Replica.Peer.Membership;
using Replica.Transport.Crypto;
using Replica.Transport.Discovery;

namespace Replica.Peer.Net;

/// <summary>By what two devices that share a space, or an invitation to it, recognise each other on a LAN and at a relay.</summary>
internal sealed class ReachKey : IDisposable
{
    private readonly byte[] _lan = GC.AllocateUninitializedArray<byte>(AdmissionKeys.KeyBytes, pinned: true);
    private readonly byte[] _tag = GC.AllocateUninitializedArray<byte>(AdmissionKeys.KeyBytes, pinned: true);
    private readonly byte[] _seal = GC.AllocateUninitializedArray<byte>(AdmissionKeys.KeyBytes, pinned: true);

    private ReachKey(bool isAnnounced, bool isSearched)
    {
        IsAnnounced = isAnnounced;
        IsSearched = isSearched;
    }

    /// <summary>Whether this device lets itself be found by it: members do.</summary>
    public bool IsAnnounced { get; }

    /// <summary>Whether this device looks for others by it: members for members, a newcomer for members.</summary>
    public bool IsSearched { get; }

    /// <summary>The key of all members of a space.</summary>
    public static ReachKey ForMembers(SpaceId space, SpaceSecret secret)
    {
        var key = new ReachKey(isAnnounced: true, isSearched: true);
        AdmissionKeys.DeriveForMembers(SigningLabels.Lan, space, secret, key._lan);
        AdmissionKeys.DeriveForMembers(SigningLabels.Rendezvous, space, secret, key._tag);
        AdmissionKeys.DeriveForMembers(SigningLabels.RendezvousSeal, space, secret, key._seal);
        return key;
    }

    /// <summary>The key of an invitation: members announce it, its holder searches for it.</summary>
    public static ReachKey ForInvited(SpaceId space, AuthorKey invitation, bool isMember)
    {
        var key = new ReachKey(isAnnounced: isMember, isSearched: !isMember);
        AdmissionKeys.DeriveForInvited(SigningLabels.LanJoin, space, invitation, key._lan);
        AdmissionKeys.DeriveForInvited(SigningLabels.RendezvousJoin, space, invitation, key._tag);
        AdmissionKeys.DeriveForInvited(SigningLabels.RendezvousJoinSeal, space, invitation, key._seal);
        return key;
    }

    /// <summary>The tag beside an instance name on a LAN: the first eight bytes of HMAC(key, name).</summary>
    public LanTag LanTagOf(string instance)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _ = HMACSHA256.HashData(_lan, Encoding.ASCII.GetBytes(instance), hash);
        return new(BinaryPrimitives.ReadUInt64BigEndian(hash));
    }

    /// <summary>The tag at a relay in one hour of its clock: HMAC(key, authority ‖ 0 ‖ hour (8, big-endian)).</summary>
    public byte[] RelayTagOf(string authority, long hour)
    {
        var name = Encoding.ASCII.GetBytes(authority);
        var text = new byte[name.Length + 1 + sizeof(long)];
        name.CopyTo(text, 0);
        BinaryPrimitives.WriteInt64BigEndian(text.AsSpan(name.Length + 1), hour);
        return HMACSHA256.HashData(_tag, text);
    }

    /// <summary>Seals what this device leaves under a tag: nonce (12) ‖ ChaCha20-Poly1305 of the text, the tag being associated.</summary>
    public byte[] Seal(ReadOnlySpan<byte> text, ReadOnlySpan<byte> tag)
    {
        var result = new byte[RendezvousEntry.SealedBytes];
        var nonce = result.AsSpan(0, RendezvousEntry.NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new ChaCha20Poly1305(_seal);
        var body = result.AsSpan(RendezvousEntry.NonceBytes);
        cipher.Encrypt(nonce, text, body[..text.Length], body[text.Length..], tag);
        return result;
    }

    /// <summary>Opens what another device left under a tag.</summary>
    /// <returns>Null if it was not sealed with this key for this tag.</returns>
    public byte[]? TryOpen(ReadOnlySpan<byte> isSealed, ReadOnlySpan<byte> tag)
    {
        if (isSealed.Length != RendezvousEntry.SealedBytes)
        {
            return null;
        }

        var text = new byte[RendezvousEntry.TextBytes];
        using var cipher = new ChaCha20Poly1305(_seal);
        var body = isSealed[RendezvousEntry.NonceBytes..];
        try
        {
            cipher.Decrypt(isSealed[..RendezvousEntry.NonceBytes], body[..text.Length], body[text.Length..], text, tag);
            return text;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_lan);
        CryptographicOperations.ZeroMemory(_tag);
        CryptographicOperations.ZeroMemory(_seal);
    }
}
