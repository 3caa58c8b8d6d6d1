using System.Diagnostics;

namespace Replica.Transport.Noise;

/// <summary>The hash function of a suite with the key derivation built on it.</summary>
/// <remarks>Source: [Noise] 4.3.</remarks>
internal abstract class NoiseHash
{
    /// <summary>The longest hash of any suite, in bytes: a size for stack buffers.</summary>
    public const int LengthMax = 64;

    /// <summary>HASHLEN: the length of a hash, in bytes.</summary>
    public abstract int Length { get; }

    /// <summary>The name as it stands in the protocol name.</summary>
    public abstract string Name { get; }

    /// <summary>Hashes <paramref name="first"/> ‖ <paramref name="second"/>.</summary>
    public abstract void Hash(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> destination);

    /// <summary>HMAC-HASH.</summary>
    public abstract void Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> destination);

    /// <summary>
    /// HKDF: fills two or three outputs of <see cref="Length"/> bytes, one after another, from a chaining key.
    /// </summary>
    public void Derive(ReadOnlySpan<byte> chainingKey, ReadOnlySpan<byte> input, Span<byte> outputs)
    {
        var count = outputs.Length / Length;
        Debug.Assert(count is 2 or 3 && outputs.Length == count * Length, "HKDF has two or three outputs.");
        Span<byte> temporary = stackalloc byte[LengthMax];
        Span<byte> block = stackalloc byte[LengthMax + 1];
        temporary = temporary[..Length];
        Hmac(chainingKey, input, temporary);
        var previous = 0;
        for (var index = 0; index < count; index++)
        {
            block[previous] = (byte)(index + 1);
            var output = outputs.Slice(index * Length, Length);
            Hmac(temporary, block[..(previous + 1)], output);
            output.CopyTo(block);
            previous = Length;
        }

        temporary.Clear();
        block.Clear();
    }
}
