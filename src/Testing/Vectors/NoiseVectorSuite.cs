using Replica.Transport.Noise;

namespace Replica.Testing.Vectors;

/// <summary>What the name of a Noise protocol stands for.</summary>
/// <param name="Pattern">The pattern.</param>
/// <param name="Hash">The hash.</param>
internal sealed record NoiseVectorSuite(HandshakePattern Pattern, NoiseHash Hash)
{
    /// <summary>Reads a name such as <c>Noise_XX_25519_ChaChaPoly_SHA256</c>.</summary>
    /// <returns>The suite, or what of it is not known here.</returns>
    /// <exception cref="VectorException">It is no such name.</exception>
    public static (NoiseVectorSuite? Suite, string Unknown) Find(string name)
    {
        if (name.Split('_') is not ["Noise", var pattern, var curve, var cipher, var hash])
        {
            throw new VectorException($"'{name}' is no name of a Noise protocol.");
        }

        NoiseHash? known = hash switch
        {
            "SHA256" => Sha256Hash.Instance,
            "BLAKE2b" => Blake2bHash.Instance,
            _ => null,
        };
        return (HandshakePattern.Find(pattern), known) switch
        {
            _ when curve != "25519" => (null, $"curve {curve}"),
            _ when cipher != "ChaChaPoly" => (null, $"cipher {cipher}"),
            (_, null) => (null, $"hash {hash}"),
            (null, _) => (null, $"pattern {pattern}"),
            ({ } found, _) => (new(found, known), ""),
        };
    }
}
