using Replica.Transport.Crypto;

namespace Replica.Tests.Properties.Transport;

/// <summary>Keys that are the same in every run.</summary>
internal static class TestKeys
{
    public static DeviceKeyPair Device(byte number) => DeviceKeyPair.FromSeed([.. Enumerable.Repeat(number, 32)]);

    public static Key Exchange(byte number) => Key.Import(KeyAgreementAlgorithm.X25519, [.. Enumerable.Repeat(number, 32)]);
}
