using System.Text;
using Replica.Tests.Properties.House;
using Xunit;

namespace Replica.Tests.Properties.Golden;

/// <summary>Bytes on record, one line a field: hex, then what it means. <c>REPLICA_UPDATE_GOLDEN=1</c> rewrites them.</summary>
internal static class GoldenFile
{
    /// <summary>Fails unless <paramref name="bytes"/>, cut into these fields, is what the file holds.</summary>
    public static void Verify(string name, ReadOnlySpan<byte> bytes, params (int Length, string Meaning)[] fields)
    {
        var text = new StringBuilder();
        var at = 0;
        foreach (var (length, meaning) in fields)
        {
            text.Append(Convert.ToHexStringLower(bytes.Slice(at, length))).Append(" | ").Append(meaning).Append('\n');
            at += length;
        }

        Assert.True(at == bytes.Length, $"{name}: {bytes.Length} bytes are there, the fields take {at}.");
        VerifyText(name + ".hex", text.ToString());
    }

    /// <summary>Fails unless the file holds this text.</summary>
    public static void VerifyText(string file, string text)
    {
        var path = RepoRoot.Combine("tests/Properties/Golden/" + file);
        if (Environment.GetEnvironmentVariable("REPLICA_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.True(File.Exists(path), $"{file} is not there: run ./build.sh golden and read the difference.");
        Assert.Equal(File.ReadAllText(path), text);
    }
}
