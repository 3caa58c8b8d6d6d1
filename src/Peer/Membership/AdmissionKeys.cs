using System.Buffers.Binary;
using System.Security.Cryptography;
using Replica.Crdt.Causality;
using Replica.Transport;
using Replica.Transport.Crypto;
using Replica.Transport.Noise;

namespace Replica.Peer.Membership;

/// <summary>Every derivation of the admission: keys, tags, proofs, the secret check and the text that is signed.</summary>
/// <remarks>
/// Source: docs/protocol-admission.md, [RFC5869], [RFC2104]; both over SHA-256.
/// <code>
/// K(label) = HKDF(ikm: space secret, salt: space id, info: label ‖ key epoch (4, big-endian, 0), 32 bytes)
/// J(label) = HKDF(ikm: invitation public key, salt: space id, info: label, 32 bytes)
/// open tag   = HMAC(K("replica/admit/1"), "tag"   ‖ role (1) ‖ handshake hash (32))
/// open proof = HMAC(K("replica/admit/1"), "proof" ‖ role (1) ‖ handshake hash (32))
/// join tag   = HMAC(J("replica/join-tag/1"), role (1) ‖ handshake hash (32))
/// check      = SHA-256("replica/secret-check/1" ‖ 0 ‖ space secret), the first 16 bytes
/// signed     = "replica/join/1" ‖ 0 ‖ space id (32) ‖ invitation public key (32) ‖ device key (32)
/// </code>
/// The role is that of the side that speaks the tag or proof, so neither can be sent back to its maker.
/// </remarks>
public static class AdmissionKeys
{
    /// <summary>The length of every derived key, in bytes.</summary>
    public const int KeyBytes = 32;

    /// <summary>The length of a handshake hash, in bytes.</summary>
    public const int HandshakeHashBytes = 32;

    // The space secret can't be changed in version 1; the number keeps room for the day it can.
    private const uint KeyEpoch = 0;
    private const int LabelBytesMax = 64;

    /// <summary>Derives K(label), a key that only members of the space know.</summary>
    /// <param name="label">One of <see cref="SigningLabels"/>.</param>
    /// <param name="space">The space.</param>
    /// <param name="secret">Its secret.</param>
    /// <param name="key">Exactly 32 bytes; the caller zeroes them after use.</param>
    public static void DeriveForMembers(ReadOnlySpan<byte> label, SpaceId space, SpaceSecret secret, Span<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(label.Length, LabelBytesMax, nameof(label));
        Span<byte> info = stackalloc byte[label.Length + sizeof(uint)];
        label.CopyTo(info);
        BinaryPrimitives.WriteUInt32BigEndian(info[label.Length..], KeyEpoch);
        Derive(secret.Bytes, space, info, key);
    }

    /// <summary>Derives a key that only those know who know the invitation's public key: its holder and the members.</summary>
    /// <param name="label">One of <see cref="SigningLabels"/>.</param>
    /// <param name="space">The space.</param>
    /// <param name="invitation">The invitation's public key.</param>
    /// <param name="key">Exactly 32 bytes; the caller zeroes them after use.</param>
    public static void DeriveForInvited(ReadOnlySpan<byte> label, SpaceId space, AuthorKey invitation, Span<byte> key)
    {
        Span<byte> publicKey = stackalloc byte[Bytes32.Size];
        invitation.Value.CopyTo(publicKey);
        Derive(publicKey, space, label, key);
    }

    /// <summary>What a ticket says of a secret.</summary>
    internal static SecretCheck CheckOf(SpaceSecret secret)
    {
        var text = SigningLabels.Build(SigningLabels.SecretCheck, secret.Bytes);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(text, hash);
        CryptographicOperations.ZeroMemory(text);
        return SecretCheck.FromBytes(hash[..SecretCheck.Size]);
    }

    /// <summary>The tag and the proof with which the side <paramref name="speaker"/> opens a space or answers.</summary>
    internal static (AdmissionTag Tag, AdmissionProof Proof) OpenPair(
        SpaceId space, SpaceSecret secret, NoiseRole speaker, ReadOnlySpan<byte> handshakeHash)
    {
        Span<byte> key = stackalloc byte[KeyBytes];
        DeriveForMembers(SigningLabels.Admit, space, secret, key);
        var tag = Authenticate(key, "tag"u8, speaker, handshakeHash);
        var proof = Authenticate(key, "proof"u8, speaker, handshakeHash);
        CryptographicOperations.ZeroMemory(key);
        return (new(tag), new(proof));
    }

    /// <summary>The tag with which the side <paramref name="speaker"/> asks to join by an invitation.</summary>
    internal static AdmissionTag JoinTag(
        SpaceId space, AuthorKey invitation, NoiseRole speaker, ReadOnlySpan<byte> handshakeHash)
    {
        Span<byte> key = stackalloc byte[KeyBytes];
        DeriveForInvited(SigningLabels.JoinTag, space, invitation, key);
        var tag = Authenticate(key, [], speaker, handshakeHash);
        CryptographicOperations.ZeroMemory(key);
        return new(tag);
    }

    /// <summary>The text that an invitation key signs to let one device in.</summary>
    internal static byte[] JoinText(SpaceId space, AuthorKey invitation, DeviceKey device) =>
        SigningLabels.Build(SigningLabels.Join, space.ToArray(), invitation.ToArray(), device.ToArray());

    private static void Derive(ReadOnlySpan<byte> ikm, SpaceId space, ReadOnlySpan<byte> info, Span<byte> key)
    {
        if (key.Length != KeyBytes)
        {
            throw new ArgumentException($"A derived key has {KeyBytes} bytes; room for {key.Length} was given.", nameof(key));
        }

        Span<byte> salt = stackalloc byte[Bytes32.Size];
        space.Value.CopyTo(salt);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, ikm, key, salt, info);
    }

    private static Bytes32 Authenticate(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> purpose, NoiseRole speaker, ReadOnlySpan<byte> handshakeHash)
    {
        Span<byte> text = stackalloc byte[purpose.Length + 1 + handshakeHash.Length];
        purpose.CopyTo(text);
        text[purpose.Length] = (byte)speaker;
        handshakeHash.CopyTo(text[(purpose.Length + 1)..]);
        Span<byte> code = stackalloc byte[HMACSHA256.HashSizeInBytes];
        _ = HMACSHA256.HashData(key, text, code);
        return Bytes32.FromBytes(code);
    }
}
