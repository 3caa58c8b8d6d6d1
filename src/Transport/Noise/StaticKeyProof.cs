using Replica.Transport.Crypto;

namespace Replica.Transport.Noise;

/// <summary>The payload of messages 2 and 3: who speaks, and that it vouches for the Noise key of this session.</summary>
/// <remarks>
/// <code>
/// device key   32
/// signature    64   by it, over "replica/noise-static/1" ‖ 0x00 ‖ role byte ‖ Noise static public key (32)
/// </code>
/// The role byte keeps a proof of one side from serving as the other's.
/// </remarks>
internal static class StaticKeyProof
{
    /// <summary>The length of the payload, in bytes.</summary>
    public const int SizeBytes = DeviceKey.SizeBytes + DeviceSignature.SizeBytes;

    /// <summary>Writes the payload of the side that has <paramref name="role"/>.</summary>
    public static void Write(DeviceKeyPair device, NoiseRole role, ReadOnlySpan<byte> noiseStatic, Span<byte> payload)
    {
        device.PublicKey.CopyTo(payload);
        device.Sign(Text(role, noiseStatic), payload[DeviceKey.SizeBytes..]);
    }

    /// <summary>Reads the payload that the side with <paramref name="role"/> sent.</summary>
    /// <returns>Whether the device key signed this very Noise key in this role.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, NoiseRole role, ReadOnlySpan<byte> noiseStatic, out DeviceKey device)
    {
        device = DeviceKey.FromBytes(payload[..DeviceKey.SizeBytes]);
        return DeviceSignature.Verify(device, Text(role, noiseStatic), payload[DeviceKey.SizeBytes..]);
    }

    private static byte[] Text(NoiseRole role, ReadOnlySpan<byte> noiseStatic) =>
        SigningLabels.Build(SigningLabels.NoiseStatic, [(byte)role], noiseStatic);
}
