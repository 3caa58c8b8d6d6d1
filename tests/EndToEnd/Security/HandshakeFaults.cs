using Replica.Transport.Crypto;

namespace Replica.Tests.EndToEnd.Security;

/// <summary>What is wrong about the payload of message 3; nothing by default.</summary>
internal sealed class HandshakeFaults
{
    /// <summary>Makes the payload from the device and the Noise static public key of the session.</summary>
    public Func<DeviceKeyPair, byte[], byte[]> Payload { get; init; } = static (device, noiseStatic) => Signed(device, 0, noiseStatic);

    /// <summary>A payload as it should be, but for what is asked for.</summary>
    public static byte[] Signed(DeviceKeyPair device, byte role, byte[] noiseStatic, byte[]? claimed = null, bool otherLabel = false)
    {
        var text = SigningLabels.Build(otherLabel ? SigningLabels.Head : SigningLabels.NoiseStatic, [role], noiseStatic);
        return [.. claimed ?? device.PublicKey.ToArray(), .. device.Sign(text)];
    }
}
