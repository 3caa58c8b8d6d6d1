using System.Security.Cryptography;
using Replica.Transport;
using Replica.Transport.Crypto;

namespace Replica.Testing.Vectors;

/// <summary>Wycheproof's hard cases for every primitive that the product uses.</summary>
/// <remarks>
/// Of results that leave a choice (<c>acceptable</c>) the product makes one, which is not judged; what it computes must be
/// right all the same. Framework primitives are called as the product calls them.
/// </remarks>
internal static class WycheproofVectors
{
    private const string Valid = "valid";
    private const string Invalid = "invalid";
    private const string Acceptable = "acceptable";
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>Judges a file.</summary>
    public static IEnumerable<VectorVerdict> Judge(VectorFields file)
    {
        var algorithm = file.FindText("algorithm") ?? "";
        Func<VectorFields, VectorFields, string?>? check = algorithm.ToUpperInvariant() switch
        {
            "XDH" or "X25519" => Agreement,
            "EDDSA" or "ED25519" => Signature,
            "CHACHA20-POLY1305" => Encryption,
            "HKDF-SHA-256" => Derivation,
            "HMACSHA256" => Authentication,
            _ => null,
        };
        foreach (var (index, group) in file.List("testGroups").Index())
        {
            var unused = check is null ? $"the algorithm {algorithm}" : Unused(group);
            foreach (var (number, test) in group.List("tests").Index())
            {
                var id = test.Find("tcId") is { } name ? $"tcId {name}" : $"group {index} test {number}";
                yield return unused is null
                    ? VectorVerdict.Of(id, () => check!(group, test) is { } fault ? VectorVerdict.Fail(id, fault) : VectorVerdict.Pass(id))
                    : VectorVerdict.Skip(id, $"Replica does not use {unused}");
            }
        }
    }

    /// <summary>What of a group the product does not use; nothing if it uses all.</summary>
    private static string? Unused(VectorFields group)
    {
        var type = group.FindText("type") ?? "";
        var curve = group.FindText("curve") ?? KeyOf(group)?.FindText("curve");
        return type switch
        {
            "" or "XdhComp" or "EddsaVerify" or "EDDSAVer" or "AeadTest" or "HkdfTest" or "MacTest" =>
                curve is null or "curve25519" or "edwards25519" or "X25519" or "Ed25519" ? null : $"the curve {curve}",
            _ => $"the form {type}",
        };
    }

    private static VectorFields? KeyOf(VectorFields group) => (group.Find("publicKey") ?? group.Find("key")) is { } key ? new(key) : null;

    private static string? Agreement(VectorFields group, VectorFields test)
    {
        var (secret, other, due) = (test.Hex("private"), test.Hex("public"), test.Hex("shared"));
        if (secret.Length != Algorithm.PrivateKeySize)
        {
            return IsRight(test, isTaken: false, "a private key of another length");
        }

        using var key = Key.Import(KeyAgreementAlgorithm.X25519, secret);
        var shared = new byte[KeyAgreementAlgorithm.SharedSecretSize];
        var isAgreed = KeyAgreementAlgorithm.X25519.TryAgree(key, other, shared);
        var isDue = shared.AsSpan().SequenceEqual(due);
        return (isDue, Result(test)) switch
        {
            (false, not Invalid) => $"the shared secret is {Convert.ToHexStringLower(shared)}.",
            _ => IsRight(test, isAgreed && isDue, "the agreement"),
        };
    }

    private static string? Signature(VectorFields group, VectorFields test)
    {
        var key = (KeyOf(group) ?? throw new VectorException("The group has no public key.")).Hex("pk");
        var isTaken = key.Length == DeviceKey.SizeBytes
            && DeviceSignature.Verify(DeviceKey.FromBytes(key), test.Hex("msg"), test.Hex("sig"));
        return IsRight(test, isTaken, "the signature");
    }

    private static string? Encryption(VectorFields group, VectorFields test)
    {
        var (key, nonce, associated) = (test.Hex("key"), test.Hex("iv"), test.Hex("aad"));
        var (plain, ciphertext, tag) = (test.Hex("msg"), test.Hex("ct"), test.Hex("tag"));
        if (key.Length != Algorithm.PrivateKeySize || nonce.Length != NonceBytes || tag.Length != TagBytes)
        {
            return IsRight(test, isTaken: false, "a key, nonce or tag of another length");
        }

        using var cipher = new ChaCha20Poly1305(key);
        var opened = new byte[ciphertext.Length];
        try
        {
            cipher.Decrypt(nonce, ciphertext, tag, opened, associated);
        }
        catch (AuthenticationTagMismatchException)
        {
            return IsRight(test, isTaken: false, "the message");
        }

        var sealedTag = new byte[TagBytes];
        var isSame = opened.AsSpan().SequenceEqual(plain);
        cipher.Encrypt(nonce, opened, ciphertext, sealedTag, associated);
        return Result(test) != Invalid && !(isSame && ciphertext.AsSpan().SequenceEqual(test.Hex("ct")) && sealedTag.AsSpan().SequenceEqual(tag))
            ? $"the message opens as {Convert.ToHexStringLower(opened)}."
            : IsRight(test, isSame, "the message");
    }

    private static string? Derivation(VectorFields group, VectorFields test)
    {
        try
        {
            var derived = HKDF.DeriveKey(HashAlgorithmName.SHA256, test.Hex("ikm"), test.Number("size"), test.Hex("salt"), test.Hex("info"));
            return IsRight(test, derived.AsSpan().SequenceEqual(test.Hex("okm")), "the derived key");
        }
        catch (ArgumentException)
        {
            return IsRight(test, isTaken: false, "the derived key");
        }
    }

    private static string? Authentication(VectorFields group, VectorFields test)
    {
        var tag = test.Hex("tag");
        var computed = HMACSHA256.HashData(test.Hex("key"), test.Hex("msg"));
        var isWhole = group.Find("tagSize") is null || tag.Length * 8 == group.Number("tagSize");
        return IsRight(
            test, isWhole && tag.Length is > 0 and <= HMACSHA256.HashSizeInBytes && computed.AsSpan(0, tag.Length).SequenceEqual(tag), "the tag");
    }

    private static string Result(VectorFields test) => test.Text("result") is Valid or Invalid or Acceptable
        ? test.Text("result")
        : throw new VectorException($"'result' is '{test.Text("result")}'; valid, invalid and acceptable are known.");

    private static string? IsRight(VectorFields test, bool isTaken, string what) => (Result(test), isTaken) switch
    {
        (Valid, false) => $"{what} is valid and was refused.",
        (Invalid, true) => $"{what} is invalid and was taken.",
        _ => null,
    };
}
