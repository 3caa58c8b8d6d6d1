using System.Text.Json;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;

namespace Replica.Web.Json;

/// <summary>Reads JSON objects of which every name is known: an unknown one, or one that stands twice, is refused.</summary>
internal static class StrictObject
{
    /// <summary>How deep a request may nest: values of 32 levels, each possibly wrapped, and what is around them.</summary>
    public const int DepthMax = 96;

    /// <summary>Takes the name on which the reader stands; afterwards it stands on the value's first token.</summary>
    /// <exception cref="EncodingException">The name is none of <paramref name="allowed"/>, or was seen before.</exception>
    public static string Name(ref Utf8JsonReader reader, ReadOnlySpan<string> allowed, ref int seen)
    {
        for (var i = 0; i < allowed.Length; i++)
        {
            if (!reader.ValueTextEquals(allowed[i]))
            {
                continue;
            }

            if ((seen & (1 << i)) != 0)
            {
                throw new EncodingException($"The name '{allowed[i]}' stands twice in one object.");
            }

            seen |= 1 << i;
            _ = reader.Read();
            return allowed[i];
        }

        throw new EncodingException($"The name '{Text(ref reader)}' is unknown here; allowed: {string.Join(", ", allowed)}.");
    }

    /// <summary>Checks that an object begins here.</summary>
    /// <exception cref="EncodingException">It does not.</exception>
    public static void Start(ref Utf8JsonReader reader, string what)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new EncodingException($"The {what} must be a JSON object {{…}}, not {Kind(reader.TokenType)}.");
        }
    }

    /// <summary>Checks that nothing follows the object that ended.</summary>
    /// <exception cref="EncodingException">Something does.</exception>
    public static void End(ref Utf8JsonReader reader)
    {
        if (reader.Read())
        {
            throw new EncodingException("Something follows the body.");
        }
    }

    /// <summary>The text on which the reader stands.</summary>
    /// <exception cref="EncodingException">It is no text, or not valid Unicode.</exception>
    public static string Text(ref Utf8JsonReader reader, string what)
    {
        return reader.TokenType == JsonTokenType.String
            ? Text(ref reader)
            : throw new EncodingException($"The {what} must be a text in quotes, not {Kind(reader.TokenType)}.");
    }

    /// <summary>The truth value on which the reader stands.</summary>
    /// <exception cref="EncodingException">It is none.</exception>
    public static bool Truth(ref Utf8JsonReader reader, string what) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw new EncodingException($"The {what} must be true or false, not {Kind(reader.TokenType)}."),
    };

    /// <summary>The texts of the array on which the reader stands.</summary>
    /// <exception cref="EncodingException">It is no array of texts.</exception>
    public static List<string> Texts(ref Utf8JsonReader reader, string what)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new EncodingException($"The {what} must be an array of texts, not {Kind(reader.TokenType)}.");
        }

        var texts = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            texts.Add(Text(ref reader, what));
        }

        return texts;
    }

    /// <summary>Field names and values; a <c>$</c> has no meaning in a field's own name.</summary>
    /// <exception cref="EncodingException">A name stands twice, or a value can't be made.</exception>
    public static List<KeyValuePair<string, Value>> Fields(ref Utf8JsonReader reader)
    {
        Start(ref reader, "value of 'fields'");
        var fields = new List<KeyValuePair<string, Value>>();
        var names = new HashSet<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Text(ref reader);
            if (!names.Add(name))
            {
                throw new EncodingException($"The field '{name}' stands twice.");
            }

            _ = reader.Read();
            fields.Add(new(name, ValueJson.Read(ref reader)));
        }

        return fields;
    }

    /// <summary>A part that must have been there.</summary>
    /// <exception cref="EncodingException">It was not.</exception>
    public static T Due<T>(T? value, string name)
        where T : class => value ?? throw new EncodingException($"The name '{name}' is missing.");

    private static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new EncodingException("A text is not valid Unicode (half of a surrogate pair or bad UTF-8).");
        }
    }

    private static string Kind(JsonTokenType type) => type switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a truth value",
        JsonTokenType.Null => "null",
        _ => "nothing",
    };
}
