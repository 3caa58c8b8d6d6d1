using Replica.Crdt.Encoding;
using Replica.Crdt.Values;
using Replica.Testing.Encodings;

namespace Replica.Testing.Vectors;

/// <summary>Hostile or unusual MessagePack: each case says whether a strict reader takes it.</summary>
internal static class HostileEncodingVectors
{
    private const string OfFormat = "format 1 has no place for";

    /// <summary>Judges a file.</summary>
    public static IEnumerable<VectorVerdict> Judge(VectorFields file)
    {
        foreach (var (index, one) in file.List("cases").Index())
        {
            var id = one.Find("id")?.ToString() ?? $"cases[{index}]";
            yield return VectorVerdict.Of(id, () => Judge(id, one, index));
        }
    }

    /// <summary>Reads bytes as the product does.</summary>
    /// <returns>The value; nothing if the product refuses them.</returns>
    internal static Value? Strict(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var reader = new MessagePackReader(bytes);
            var value = ValueCodec.Read(ref reader);
            reader.ReadEnd();
            return value;
        }
        catch (EncodingException)
        {
            return null;
        }
    }

    private static VectorVerdict Judge(string id, VectorFields one, int index)
    {
        var bytes = BytesOf(one, index);
        var strict = Strict(bytes);
        return one.Text("expect") switch
        {
            "no-crash" => VectorVerdict.Pass(id),
            "reject" when strict is null => VectorVerdict.Pass(id),
            "reject" when one.FindText("context") == "unknown ext" => VectorVerdict.Skip(id, "format 1 knows this extension"),
            "reject" => VectorVerdict.Fail(id, $"it must be refused and was read as {LooseEncoding.Show(strict)}."),
            "accept" => Accept(id, bytes, strict),
            "not-canonical" => NotCanonical(id, bytes, strict, one.Hex("canonical")),
            var other => throw new VectorException($"'expect' is '{other}'; reject, accept, not-canonical and no-crash are known."),
        };
    }

    private static VectorVerdict Accept(string id, byte[] bytes, Value? strict)
    {
        if (strict is { } value)
        {
            return LooseEncoding.Canonical(value).AsSpan().SequenceEqual(bytes)
                ? VectorVerdict.Pass(id)
                : VectorVerdict.Fail(id, $"it was read as {LooseEncoding.Show(value)}, whose encoding is another.");
        }

        var (meant, outside) = LooseEncoding.Read(bytes);
        return (outside, LooseEncoding.Canonical(meant)) switch
        {
            ({ } what, _) => VectorVerdict.Skip(id, $"{OfFormat} {what}"),
            (_, null) => VectorVerdict.Skip(id, $"{OfFormat} a value of this size or depth"),
            (_, var canonical) when !canonical.AsSpan().SequenceEqual(bytes) => VectorVerdict.Skip(id, "format 1 takes the shortest form alone"),
            _ => VectorVerdict.Fail(id, $"it is the encoding of {LooseEncoding.Show(meant)} and was refused."),
        };
    }

    private static VectorVerdict NotCanonical(string id, byte[] bytes, Value? strict, byte[] canonical)
    {
        var (meant, outside) = LooseEncoding.Read(bytes);
        if ((outside ?? LooseEncoding.Read(canonical).Outside) is { } what)
        {
            return VectorVerdict.Skip(id, $"{OfFormat} {what}");
        }

        return strict is not null ? VectorVerdict.Fail(id, $"a longer form was taken, as {LooseEncoding.Show(strict)}.")
            : Strict(canonical) is { } due && due == meant ? VectorVerdict.Pass(id)
            : VectorVerdict.Fail(id, $"the form named canonical is not that of {LooseEncoding.Show(meant)}.");
    }

    private static byte[] BytesOf(VectorFields one, int index)
    {
        try
        {
            return EncodingCaseFile.OfCase(one.Element, index).Bytes.ToArray();
        }
        catch (Exception fault) when (fault is EncodingCaseException or InvalidOperationException or IndexOutOfRangeException or FormatException)
        {
            throw new VectorException(fault.Message);
        }
    }
}
