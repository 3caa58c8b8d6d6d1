using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Replica.Crdt.Values;

namespace Replica.Peer.Host.Typed;

/// <summary>How one property of a record is kept as a field: what JSON alone does not tell.</summary>
internal sealed class FieldShape
{
    private static readonly Type[] s_bytes = [typeof(byte[]), typeof(Memory<byte>), typeof(ReadOnlyMemory<byte>)];
    private static readonly Type[] s_sets = [typeof(HashSet<>), typeof(ISet<>)];
    private static readonly Type[] s_unfit = [typeof(decimal), typeof(Int128), typeof(UInt128)];

    /// <summary>Looks at a property, once for all values.</summary>
    /// <exception cref="ShapeException">No field can keep what it may hold.</exception>
    public FieldShape(JsonPropertyInfo property, Type owner)
    {
        Name = property.Name;
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (s_unfit.Contains(type))
        {
            throw new ShapeException(
                $"{owner.Name}.{property.Name} is a {type.Name}, of which a field would lose digits: make it a text, or a 64-bit number of the smallest unit.");
        }

        IsBytes = s_bytes.Contains(type);
        IsTime = type == typeof(DateTimeOffset);
        IsDouble = type == typeof(double) || type == typeof(float);
        IsSet = type.IsGenericType && s_sets.Contains(type.GetGenericTypeDefinition());
    }

    /// <summary>The field's name: that of the property in JSON.</summary>
    public string Name { get; }

    /// <summary>Whether it is kept as a set, in which concurrent additions all stay.</summary>
    public bool IsSet { get; }

    private bool IsBytes { get; }

    private bool IsTime { get; }

    private bool IsDouble { get; }

    /// <summary>The field's value for what a serializer wrote; nothing for null, which leaves no field.</summary>
    public Value? ToValue(Value json) => json.Kind switch
    {
        ValueKind.Null => null,
        ValueKind.String when IsBytes => Value.From(Convert.FromBase64String(json.AsString())),
        ValueKind.String when IsTime && Instant.TryParse(json.AsString(), out var time) => Value.From(time),
        ValueKind.Integer when IsDouble => Value.From((double)json.AsInteger()),
        ValueKind.Array when IsSet => Value.SetOf(json.AsArray()),
        _ => json,
    };

    /// <summary>Writes a field's value as a serializer reads it.</summary>
    public void Write(Utf8JsonWriter json, Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Bytes when IsBytes:
                json.WriteBase64StringValue(value.AsBytes().Span);
                break;
            case ValueKind.Timestamp when IsTime:
                json.WriteStringValue(value.AsTimestamp().ToString());
                break;
            case ValueKind.NodeReference:
                json.WriteStringValue(value.AsNodeReference());
                break;
            case ValueKind.Set:
                json.WriteRawValue(ValueJson.ToString(Value.From([.. value.AsSet()])), skipInputValidation: true);
                break;
            default:
                json.WriteRawValue(ValueJson.ToString(value), skipInputValidation: true);
                break;
        }
    }
}
