using System.Text;
using Replica.Crdt.Changes;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;
using Replica.Web.Json;

namespace Replica.PeerCli.Input;

/// <summary>Fields as they are given on the command line: <c>name=value</c> and <c>--fields JSON</c>.</summary>
internal static class FieldArgument
{
    /// <summary>Reads both forms together.</summary>
    /// <exception cref="UsageException">One can't be read, or a name is given twice.</exception>
    public static List<KeyValuePair<string, Value>> Read(IEnumerable<string> assignments, string? json)
    {
        var fields = new List<KeyValuePair<string, Value>>();
        foreach (var assignment in assignments)
        {
            fields.Add(ReadAssignment(assignment));
        }

        if (json is not null)
        {
            fields.AddRange(ReadObject(json));
        }

        return fields.GroupBy(static field => field.Key).FirstOrDefault(static group => group.Count() > 1) is { } twice
            ? throw new UsageException($"The field '{twice.Key}' is given twice; give it once.")
            : fields;
    }

    /// <summary>Reads a vector: an array of numbers; null if none is given.</summary>
    /// <exception cref="UsageException">It is no such array.</exception>
    public static VectorBytes? ReadVector(string? json)
    {
        try
        {
            return json is null ? null : VectorJson.Of(ValueJson.Parse(Encoding.UTF8.GetBytes(json)));
        }
        catch (EncodingException fault)
        {
            throw new UsageException($"--vector can't be read: {OneLine(fault.Message)} Write it like '[0.25,-1,3]'.");
        }
    }

    private static KeyValuePair<string, Value> ReadAssignment(string assignment)
    {
        var sign = assignment.IndexOf('=');
        return sign switch
        {
            < 0 => throw new UsageException($"'{assignment}' is not field=value: write it with '=', such as name=Ada or age=36."),
            0 => throw new UsageException($"'{assignment}' has no field name before '='; an empty name can be given with --fields."),
            _ => new(assignment[..sign], ReadValue(assignment[..sign], assignment[(sign + 1)..])),
        };
    }

    /// <summary>Reads one value: JSON, or plain text.</summary>
    /// <exception cref="UsageException">It begins like JSON and can't be read.</exception>
    public static Value ReadValue(string name, string text)
    {
        var isJson = text is "null" or "true" or "false"
            || text.StartsWith('"') || text.StartsWith('[') || text.StartsWith('{') || CellValue.IsJsonNumber(text);
        if (!isJson)
        {
            return text.EnumerateRunes().Contains(Rune.ReplacementChar)
                ? throw new UsageException($"The value of '{name}' is not valid UTF-8.")
                : Value.From(text);
        }

        try
        {
            return ValueJson.Parse(Encoding.UTF8.GetBytes(text));
        }
        catch (EncodingException fault)
        {
            throw new UsageException($"The value of '{name}' begins like JSON and can't be read: {OneLine(fault.Message)} "
                + $"Plain text goes in quotes: {name}='\"…\"'.");
        }
    }

    private static IReadOnlyList<KeyValuePair<string, Value>> ReadObject(string json)
    {
        try
        {
            return GraphJson.ReadFields(Encoding.UTF8.GetBytes(json));
        }
        catch (EncodingException fault)
        {
            throw new UsageException($"--fields can't be read: {OneLine(fault.Message)} Write it like '{{\"name\":\"Ada\",\"age\":36}}'.");
        }
    }

    private static string OneLine(string message)
    {
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
