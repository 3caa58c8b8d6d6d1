using System.Text.Json;
using Replica.Crdt.Changes;
using Replica.Crdt.Elements;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;
using Replica.Peer.Host;

namespace Replica.Web.Json;

/// <summary>
/// Counters, sets, vectors, relations, settled conflicts and format levels in a transaction. What they are about is <c>"id"</c> for a node, or
/// <c>"edge"</c> and <c>"key"</c>: <c>setCounter</c> and <c>addCounter</c> (field, value), <c>addToSet</c> and
/// <c>removeFromSet</c> (field, value), <c>declare</c> (relation, cardinality <c>to-one</c> or <c>to-many</c>),
/// <c>resolve</c> (place <c>field</c>, <c>type</c>, <c>vector</c>, <c>relation</c> or <c>move</c>; field; kind; value, left out to
/// remove, or for the top of the tree), <c>removeFields</c> (fields), <c>setVector</c> (vector, null to remove), <c>raise</c> (level).
/// </summary>
internal static class FieldMutationJson
{
    /// <summary>The names of these mutations.</summary>
    public static readonly string[] Kinds =
        ["setCounter", "addCounter", "addToSet", "removeFromSet", "declare", "resolve", "removeFields", "setVector", "raise"];

    private static readonly string[] s_names =
        ["id", "edge", "key", "field", "value", "relation", "cardinality", "place", "kind", "fields", "vector", "level"];

    /// <summary>Writes one up to its last part.</summary>
    public static void Write(CanonicalJson json, Mutation mutation)
    {
        switch (mutation)
        {
            case Mutation.SetCounter set:
                Write(json, "{\"setCounter\":{"u8, set.Target, set.Field, Value.From(set.Value));
                break;
            case Mutation.AddCounter add:
                Write(json, "{\"addCounter\":{"u8, add.Target, add.Field, Value.From(add.Delta));
                break;
            case Mutation.AddToSet add:
                Write(json, "{\"addToSet\":{"u8, add.Target, add.Field, add.Value);
                break;
            case Mutation.RemoveFromSet remove:
                Write(json, "{\"removeFromSet\":{"u8, remove.Target, remove.Field, remove.Value);
                break;
            case Mutation.Declare declare:
                json.Raw("{\"declare\":{\"relation\":"u8);
                json.Text(declare.Relation);
                json.Raw(declare.Cardinality == Cardinality.ToOne ? ",\"cardinality\":\"to-one\""u8 : ",\"cardinality\":\"to-many\""u8);
                break;
            case Mutation.Resolve resolve:
                Write(json, "{\"resolve\":{"u8, resolve.Target, resolve.Name, resolve.Value);
                json.Raw(",\"place\":"u8);
                json.Text(NameOf(resolve.Place));
                json.Raw(",\"kind\":"u8);
                json.Text(NameOf(resolve.Kind));
                break;
            case Mutation.RemoveFields remove:
                json.Raw("{\"removeFields\":{"u8);
                WriteTarget(json, remove.Target);
                json.Raw(",\"fields\":"u8);
                ValueJson.Write(json, Value.From([.. remove.Fields.Select(Value.From)]));
                break;
            case Mutation.SetVector set:
                json.Raw("{\"setVector\":{\"id\":"u8);
                json.Text(set.Id);
                json.Raw(",\"vector\":"u8);
                ValueJson.Write(json, set.Vector is { } vector ? VectorJson.ToValue(vector) : Value.Null);
                break;
            case Mutation.RaiseLevel raise:
                json.Raw("{\"raise\":{\"level\":"u8);
                json.Number(raise.Level);
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"No case for {mutation}.");
        }
    }

    /// <summary>Reads the object of one of <see cref="Kinds"/>.</summary>
    /// <exception cref="EncodingException">A part is missing or of another form.</exception>
    public static Mutation Read(ref Utf8JsonReader reader, string mutation)
    {
        List<string>? edge = null, fields = null;
        string? id = null, key = null, field = null, relation = null, cardinality = null, place = null, kind = null;
        Value? value = null, vector = null, level = null;
        var seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = StrictObject.Name(ref reader, s_names, ref seen);
            switch (name)
            {
                case "edge":
                    edge = StrictObject.Texts(ref reader, name);
                    break;
                case "fields":
                    fields = StrictObject.Texts(ref reader, name);
                    break;
                case "value":
                    value = ValueJson.Read(ref reader);
                    break;
                case "vector":
                    vector = ValueJson.Read(ref reader);
                    break;
                case "level":
                    level = ValueJson.Read(ref reader);
                    break;
                default:
                    var text = StrictObject.Text(ref reader, name);
                    _ = name switch
                    {
                        "id" => id = text,
                        "key" => key = text,
                        "field" => field = text,
                        "relation" => relation = text,
                        "cardinality" => cardinality = text,
                        "place" => place = text,
                        _ => kind = text,
                    };
                    break;
            }
        }

        switch (mutation)
        {
            case "declare":
                return new Mutation.Declare(StrictObject.Due(relation, "relation"), CardinalityOf(StrictObject.Due(cardinality, "cardinality")));
            case "setVector":
                return new Mutation.SetVector(StrictObject.Due(id, "id"), VectorOf(vector));
            case "raise":
                return new Mutation.RaiseLevel((int)Math.Clamp(IntegerOf(level, "level"), 0, int.MaxValue));
        }

        var target = edge is null ? new Target.Node(StrictObject.Due(id, "id")) : (Target)GraphJson.Ends(edge, key);
        return mutation switch
        {
            "removeFields" => new Mutation.RemoveFields(target, StrictObject.Due(fields, "fields")),
            "setCounter" => new Mutation.SetCounter(target, StrictObject.Due(field, "field"), IntegerOf(value, "value")),
            "addCounter" => new Mutation.AddCounter(target, StrictObject.Due(field, "field"), IntegerOf(value, "value")),
            "addToSet" => new Mutation.AddToSet(target, StrictObject.Due(field, "field"), ValueOf(value)),
            "removeFromSet" => new Mutation.RemoveFromSet(target, StrictObject.Due(field, "field"), ValueOf(value)),
            _ => new Mutation.Resolve(target, PlaceOf(place ?? "field"), field ?? "", KindOf(kind, value), value),
        };
    }

    /// <summary>A declaration as a pair of texts, as it is exported.</summary>
    public static Mutation.Declare DeclarationOf(List<string> pair) => pair is [var relation, var cardinality]
        ? new(relation, CardinalityOf(cardinality))
        : throw new EncodingException("A declaration is [relation, \"to-one\" or \"to-many\"].");

    /// <summary>The name of a place in JSON.</summary>
    public static string NameOf(ConflictPlace place) => place switch
    {
        ConflictPlace.Type => "type",
        ConflictPlace.Vector => "vector",
        ConflictPlace.Relation => "relation",
        ConflictPlace.Move => "move",
        _ => "field",
    };

    /// <summary>The name of a kind of field in JSON.</summary>
    public static string NameOf(FieldKind kind) => kind switch
    {
        FieldKind.Counter => "counter",
        FieldKind.Set => "set",
        _ => "register",
    };

    private static void Write(CanonicalJson json, ReadOnlySpan<byte> head, Target target, string field, Value? value)
    {
        json.Raw(head);
        WriteTarget(json, target);
        json.Raw(",\"field\":"u8);
        json.Text(field);
        if (value is { } some)
        {
            json.Raw(",\"value\":"u8);
            ValueJson.Write(json, some);
        }
    }

    /// <summary>Writes what something is about: <c>"id"</c>, or <c>"edge"</c> with its key.</summary>
    internal static void WriteTarget(CanonicalJson json, Target target)
    {
        if (target is Target.Edge edge)
        {
            json.Raw("\"edge\":"u8);
            GraphJson.WriteEnds(json, edge);
            return;
        }

        json.Raw("\"id\":"u8);
        json.Text(((Target.Node)target).Id);
    }

    private static Cardinality CardinalityOf(string name) => name switch
    {
        "to-one" => Cardinality.ToOne,
        "to-many" => Cardinality.ToMany,
        _ => throw new EncodingException($"'{name}' is no cardinality; to-one and to-many are."),
    };

    private static ConflictPlace PlaceOf(string name) => name switch
    {
        "field" => ConflictPlace.Field,
        "type" => ConflictPlace.Type,
        "vector" => ConflictPlace.Vector,
        "relation" => ConflictPlace.Relation,
        "move" => ConflictPlace.Move,
        _ => throw new EncodingException($"'{name}' is no place of a conflict; field, type, vector, relation and move are."),
    };

    /// <summary>The kind of field that is to show; left out, the value says it.</summary>
    private static FieldKind KindOf(string? name, Value? value) => name switch
    {
        null => Mutation.Resolve.KindOf(value),
        "register" => FieldKind.Register,
        "counter" => FieldKind.Counter,
        "set" => FieldKind.Set,
        _ => throw new EncodingException($"'{name}' is no kind of field; register, counter and set are."),
    };

    private static long IntegerOf(Value? value, string name) => value is { Kind: ValueKind.Integer } integer
        ? integer.AsInteger()
        : throw new EncodingException($"The name '{name}' is missing or no 64-bit integer.");

    private static VectorBytes? VectorOf(Value? value) => value switch
    {
        null => throw new EncodingException("The name 'vector' is missing."),
        { Kind: ValueKind.Null } => null,
        { } vector => VectorJson.Of(vector),
    };

    private static Value ValueOf(Value? value) => value ?? throw new EncodingException("The name 'value' is missing.");
}
