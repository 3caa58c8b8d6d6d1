using System.Buffers.Binary;
using System.Security.Cryptography;
using Replica.Crdt.Causality;
using Replica.Transport.Crypto;

namespace Replica.Peer.Membership;

/// <summary>Seals a device key and the secret of one space under a passphrase, for a backup.</summary>
/// <remarks>
/// <code>
/// version 1 (1) ‖ iterations (4, big-endian) ‖ salt (16) ‖ nonce (12) ‖ box (96 + tag 16)
/// key = PBKDF2-HMAC-SHA-256(passphrase, salt, iterations), 32 bytes
/// box = AES-256-GCM(key, nonce, additional: the first 33 bytes, device seed (32) ‖ space id (32) ‖ space secret (32))
/// </code>
/// </remarks>
internal static class KeySeal
{
    private const byte Version = 1;
    private const int Iterations = 600_000;
    private const int IterationsMax = 10_000_000;
    private const int SaltSize = 16;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int HeaderSize = 1 + sizeof(int) + SaltSize + NonceSize;
    private const int ContentSize = DeviceKeyPair.SeedSizeBytes + Bytes32.Size + SpaceSecret.Size;
    private const int Size = HeaderSize + ContentSize + TagSize;

    /// <summary>Seals.</summary>
    public static byte[] Seal(Passphrase passphrase, DeviceKeyPair device, SpaceId space, SpaceSecret secret)
    {
        var output = new byte[Size];
        output[0] = Version;
        BinaryPrimitives.WriteInt32BigEndian(output.AsSpan(1), Iterations);
        RandomNumberGenerator.Fill(output.AsSpan(1 + sizeof(int), SaltSize + NonceSize));
        var content = GC.AllocateUninitializedArray<byte>(ContentSize, pinned: true);
        try
        {
            device.ExportSeed(content.AsSpan(0, DeviceKeyPair.SeedSizeBytes));
            space.Value.CopyTo(content.AsSpan(DeviceKeyPair.SeedSizeBytes));
            secret.Bytes.CopyTo(content.AsSpan(DeviceKeyPair.SeedSizeBytes + Bytes32.Size));
            using var cipher = Derive(passphrase, output);
            cipher.Encrypt(
                output.AsSpan(HeaderSize - NonceSize, NonceSize), content, output.AsSpan(HeaderSize, ContentSize),
                output.AsSpan(HeaderSize + ContentSize), output.AsSpan(0, HeaderSize));
            return output;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    /// <summary>Opens what <see cref="Seal"/> made. The caller disposes both.</summary>
    /// <exception cref="MembershipException">The passphrase is another one, or the bytes are damaged.</exception>
    public static (DeviceKeyPair Device, StoredSecret Secret) Open(Passphrase passphrase, ReadOnlySpan<byte> input)
    {
        if (input.Length != Size || input[0] != Version || BinaryPrimitives.ReadInt32BigEndian(input[1..]) is < 1 or > IterationsMax)
        {
            throw Refused();
        }

        var content = GC.AllocateUninitializedArray<byte>(ContentSize, pinned: true);
        try
        {
            using var cipher = Derive(passphrase, input);
            cipher.Decrypt(
                input.Slice(HeaderSize - NonceSize, NonceSize), input.Slice(HeaderSize, ContentSize),
                input[(HeaderSize + ContentSize)..], content, input[..HeaderSize]);
            var rest = content.AsSpan(DeviceKeyPair.SeedSizeBytes);
            return (
                DeviceKeyPair.FromSeed(content.AsSpan(0, DeviceKeyPair.SeedSizeBytes)),
                new(SpaceId.FromBytes(rest[..Bytes32.Size]), SpaceSecret.FromBytes(rest[Bytes32.Size..])));
        }
        catch (CryptographicException)
        {
            throw Refused();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    private static MembershipException Refused() => new(
        MembershipException.PassphraseWrong, "The keys in the backup do not open: the passphrase is another one, or they are damaged. "
            + "Without them the backup can be restored for reading, with --without-keys.");

    private static AesGcm Derive(Passphrase passphrase, ReadOnlySpan<byte> header)
    {
        var key = Rfc2898DeriveBytes.Pbkdf2(
            passphrase.Bytes, header.Slice(1 + sizeof(int), SaltSize), BinaryPrimitives.ReadInt32BigEndian(header[1..]),
            HashAlgorithmName.SHA256, 32);
        try
        {
            return new(key, TagSize);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
