using System.Text;
using Replica.Transport.Crypto;

namespace Replica.Transport.Relay;

/// <summary>How a device proves a routing key to a relay, and where its routing keys come from.</summary>
public static class RelayAuth
{
    /// <summary>The longest authority, in bytes.</summary>
    public const int AuthorityBytesMax = 255;

    /// <summary>What a routing key signs.</summary>
    /// <param name="authority">The relay as dialled: <c>host:port</c>, lower case.</param>
    /// <param name="challenge">The relay's 32 bytes.</param>
    /// <param name="nonce">The device's 32 bytes.</param>
    /// <exception cref="ArgumentException">The authority has no or too many bytes.</exception>
    public static byte[] Text(string authority, ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> nonce)
    {
        var bytes = Encoding.ASCII.GetBytes(authority);
        if (bytes.Length is 0 or > AuthorityBytesMax)
        {
            throw new ArgumentException($"The name of a relay has 1 to {AuthorityBytesMax} characters; '{authority}' has not.", nameof(authority));
        }

        return SigningLabels.Build(SigningLabels.RelayAuth, [(byte)bytes.Length], bytes, challenge, nonce);
    }

    /// <summary>
    /// Makes the routing key of a device for one relay: always the same there, and not to be linked with the device key or
    /// with its key on another relay by anyone who lacks the device's seed.
    /// </summary>
    /// <remarks>seed = HKDF-SHA256(ikm: device seed, salt: none, info: <c>"replica/routing-key/1" ‖ 0 ‖ authority</c>, 32 bytes).</remarks>
    /// <param name="device">The device.</param>
    /// <param name="authority">The relay as dialled: <c>host:port</c>, lower case.</param>
    public static DeviceKeyPair RoutingKey(DeviceKeyPair device, string authority)
    {
        Span<byte> seed = stackalloc byte[DeviceKeyPair.SeedSizeBytes];
        Span<byte> derived = stackalloc byte[DeviceKeyPair.SeedSizeBytes];
        try
        {
            device.ExportSeed(seed);
            var info = SigningLabels.Build(SigningLabels.RoutingKey, Encoding.ASCII.GetBytes(authority));
            System.Security.Cryptography.HKDF.DeriveKey(
                System.Security.Cryptography.HashAlgorithmName.SHA256, seed, derived, salt: [], info);
            return DeviceKeyPair.FromSeed(derived);
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(seed);
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(derived);
        }
    }
}
