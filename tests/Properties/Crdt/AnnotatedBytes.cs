using System.Text;
using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;
using Replica.Tests.Properties.Golden;

namespace Replica.Tests.Properties.Crdt;

/// <summary>Cuts MessagePack into its items, one line each, and holds them against a golden file.</summary>
internal static class AnnotatedBytes
{
    private const int TextMax = 40;

    /// <summary>The fields of a change by their path: <c>[1, log, seq, hlc, deps, ops]</c>.</summary>
    public static string ChangeField(IReadOnlyList<int> path) => path switch
    {
        [] => "change",
        [var i] => new[] { "format", "log", "number", "stamp", "deps", "groups" }[i],
        [4, _] => "position",
        [4, _, var i] => new[] { "log", "number", "head" }[i],
        [5, _] => "group",
        [5, _, 0] => "target",
        [5, _, 0, var i] => new[] { "from", "relation", "to", "key" }[i],
        [5, _, 1] => "operations",
        [5, _, 1, _] => "operation",
        [5, _, 1, _, 0] => "opcode",
        [5, _, 1, _, _] => "argument",
        _ => "inside",
    };

    /// <summary>The fields of a run by their path.</summary>
    public static string RunField(IReadOnlyList<int> path) => path switch
    {
        [] => "run",
        [var i] => new[] { "log", "base number", "base head", "changes", "signature" }[i],
        _ => "change",
    };

    public static void Verify(string name, ReadOnlyMemory<byte> bytes, Func<IReadOnlyList<int>, string> field)
    {
        var fields = new List<(int, string)>();
        var reader = new MessagePackReader(bytes.Span);
        Annotate(ref reader, [], field, fields);
        reader.ReadEnd();
        GoldenFile.Verify(name, bytes.Span, [.. fields]);
    }

    private static void Annotate(
        ref MessagePackReader reader, int[] path, Func<IReadOnlyList<int>, string> field, List<(int, string)> fields)
    {
        var start = reader.Consumed;
        var name = field(path);
        var (words, children) = Describe(ref reader, name == "opcode");
        fields.Add((reader.Consumed - start, $"{new string(' ', 2 * path.Length)}{name}: {words}"));
        for (var i = 0; i < children; i++)
        {
            Annotate(ref reader, [.. path, i], field, fields);
        }
    }

    private static (string Words, int Children) Describe(ref MessagePackReader reader, bool isOpcode)
    {
        switch (reader.NextType())
        {
            case MessagePackType.Nil:
                _ = reader.TryReadNil();
                return ("nil", 0);
            case MessagePackType.Boolean:
                return (reader.ReadBoolean() ? "true" : "false", 0);
            case MessagePackType.Integer:
                var isNegative = reader.Slice(reader.Consumed, reader.Consumed + 1)[0] >= 0xd0;
                var number = isNegative ? reader.ReadInt64().ToString() : reader.ReadUInt64().ToString();
                return (isOpcode ? $"{number} {(Opcode)int.Parse(number)}" : number, 0);
            case MessagePackType.Float:
                return ($"float {reader.ReadDouble():R}", 0);
            case MessagePackType.String:
                return ($"text '{Short(reader.ReadString(int.MaxValue))}'", 0);
            case MessagePackType.Binary:
                return ($"{reader.ReadBinary(int.MaxValue).Length} bytes", 0);
            case MessagePackType.Extension:
                var length = reader.ReadExtension(int.MaxValue, out var type).Length;
                return ($"extension {type} of {length} bytes", 0);
            case MessagePackType.Array:
                var count = reader.ReadArrayHeader(int.MaxValue);
                return ($"array of {count}", count);
            default:
                var pairs = reader.ReadMapHeader(int.MaxValue);
                return ($"map of {pairs}", 2 * pairs);
        }
    }

    private static string Short(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var c in text.Take(TextMax))
        {
            _ = clean.Append(char.IsControl(c) ? '?' : c);
        }

        return clean.ToString();
    }
}
