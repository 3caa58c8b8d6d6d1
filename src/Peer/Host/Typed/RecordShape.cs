using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;

namespace Replica.Peer.Host.Typed;

/// <summary>How records of a type are kept as nodes: a property <c>Id</c> names the node, each other one is a field.</summary>
/// <typeparam name="T">The record.</typeparam>
internal sealed class RecordShape<T>
    where T : class
{
    private const string IdName = "id";

    private readonly JsonTypeInfo<T> _info;
    private readonly string _id;
    private readonly Dictionary<string, FieldShape> _fields = [];

    /// <summary>Looks at a type's metadata, once.</summary>
    /// <exception cref="ShapeException">Nodes can't hold what it holds.</exception>
    public RecordShape(JsonTypeInfo<T> info)
    {
        info.MakeReadOnly();
        _info = info;
        if (info.Kind != JsonTypeInfoKind.Object || info.PolymorphismOptions is not null)
        {
            throw new ShapeException(
                $"{typeof(T).Name} can't be kept as a node: only a plain record or class can, without a converter of its own and without "
                + "derived types. Make one whose properties are the fields.");
        }

        foreach (var property in info.Properties)
        {
            if (property.IsExtensionData)
            {
                throw new ShapeException(
                    $"{typeof(T).Name}.{property.Name} would take all other fields of a node: leave it out; what it does not name stays as it is.");
            }

            if (property.Get is not null)
            {
                _fields.Add(property.Name, new(property, typeof(T)));
            }
        }

        var ids = info.Properties.Where(static property => property.Name.Equals(IdName, StringComparison.OrdinalIgnoreCase)).ToArray();
        _id = ids is [{ Get: not null } id] && id.PropertyType == typeof(string)
            ? id.Name
            : throw new ShapeException($"{typeof(T).Name} has no text property Id, which names its node: add one.");
        _ = _fields.Remove(_id);
    }

    /// <summary>The fields that a record has.</summary>
    public IReadOnlyCollection<FieldShape> Fields => _fields.Values;

    /// <summary>The id and the fields of a record; a property that is null has none.</summary>
    /// <exception cref="ShapeException">It has no id.</exception>
    /// <exception cref="EncodingException">A value breaks a limit.</exception>
    public (string Id, Dictionary<string, Value> Fields) Read(T record)
    {
        var fields = new Dictionary<string, Value>();
        string? id = null;
        try
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(record, _info);
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = ValueJson.DepthMax });
            _ = reader.Read();
            foreach (var (name, value) in ValueJson.ReadPairs(ref reader))
            {
                if (name == _id)
                {
                    id = value.Kind == ValueKind.String ? value.AsString() : null;
                }
                else if (_fields.TryGetValue(name, out var shape) && shape.ToValue(value) is { } kept)
                {
                    fields.Add(name, kept);
                }
            }
        }
        catch (Exception fault) when (fault is JsonException or NotSupportedException)
        {
            throw new ShapeException($"A {typeof(T).Name} could not be kept: {fault.Message} Give values of at most {ValueLimits.LevelsMax} levels.", fault);
        }

        return (id ?? throw new ShapeException($"A {typeof(T).Name} has no id: give it one, 1 to 256 bytes."), fields);
    }

    /// <summary>The record that a node's fields make.</summary>
    /// <exception cref="ShapeException">A field is of another kind than the property, or is missing and required.</exception>
    public T Make(string id, IEnumerable<KeyValuePair<string, Value>> fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartObject();
            json.WriteString(_id, id);
            foreach (var (name, value) in fields)
            {
                if (_fields.TryGetValue(name, out var shape))
                {
                    json.WritePropertyName(name);
                    shape.Write(json, value);
                }
            }

            json.WriteEndObject();
        }

        try
        {
            return JsonSerializer.Deserialize(buffer.WrittenSpan, _info)!;
        }
        catch (NotSupportedException fault)
        {
            throw new ShapeException($"A {typeof(T).Name} can't be made from JSON ({fault.Message}): give that property a type that can.", fault);
        }
        catch (JsonException fault)
        {
            throw new ShapeException(
                $"The node '{id}' can't be read as a {typeof(T).Name} ({fault.Path ?? "$"}: {fault.Message}): make the property fit the field, "
                + "one that may be missing optional, or read the node itself.",
                fault);
        }
    }
}
