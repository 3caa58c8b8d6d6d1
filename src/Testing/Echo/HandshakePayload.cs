using Replica.Transport.Crypto;
using Replica.Transport.Noise;

namespace Replica.Testing.Echo;

/// <summary>The payload of handshake messages 2 and 3, for peers that are written elsewhere.</summary>
public static class HandshakePayload
{
    /// <summary>The length in bytes: 96.</summary>
    public const int SizeBytes = StaticKeyProof.SizeBytes;

    /// <summary>Makes the payload with which a device vouches for the Noise key of a session.</summary>
    /// <param name="device">The device, whose key signs.</param>
    /// <param name="role">The role of the side that sends it.</param>
    /// <param name="noiseStatic">That side's Noise static public key: 32 bytes.</param>
    /// <returns>Device key (32) ‖ signature (64).</returns>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    public static byte[] Create(DeviceKeyPair device, NoiseRole role, ReadOnlySpan<byte> noiseStatic)
    {
        if (noiseStatic.Length != Algorithm.PublicKeySize)
        {
            throw new ArgumentException(
                $"A Noise static key has {Algorithm.PublicKeySize} bytes; {noiseStatic.Length} were given.", nameof(noiseStatic));
        }

        var payload = new byte[SizeBytes];
        StaticKeyProof.Write(device, role, noiseStatic, payload);
        return payload;
    }
}
