using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Replica.PeerCli.Output;

/// <summary>Log messages of a daemon on the error stream, one a line: time, level and text, or a JSON object with the message's parts.</summary>
/// <param name="terminal">Where they go.</param>
/// <param name="least">The least level that is written.</param>
/// <param name="isJson">Whether lines are JSON objects.</param>
/// <param name="isTraced">Whether exceptions are written with the way they took through the program.</param>
internal sealed class ErrorLog(Terminal terminal, LogLevel least, bool isJson, bool isTraced) : ILoggerProvider
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    /// <inheritdoc/>
    public void Dispose()
    {
        // The terminal is the command's, which outlives its daemon.
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        _ => "error",
    };

    private string TextLine(DateTime now, LogLevel level, string message, Exception? fault)
    {
        var line = new StringBuilder($"{now:yyyy-MM-ddTHH:mm:ss.fffZ} {NameOf(level)} {SafeText.Of(message)}\n");
        if (isTraced && fault is not null)
        {
            foreach (var part in fault.ToString().Split('\n'))
            {
                _ = line.Append("    ").Append(SafeText.Of(part.TrimEnd())).Append('\n');
            }
        }

        return line.ToString();
    }

    private string JsonLine<TState>(DateTime now, LogLevel level, string category, EventId id, string message, TState state, Exception? fault)
    {
        var output = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(output, s_options))
        {
            json.WriteStartObject();
            json.WriteString("time", now.ToString("yyyy-MM-ddTHH:mm:ss.fffZ"));
            json.WriteString("level", NameOf(level));
            json.WriteString("category", category);
            json.WriteNumber("event", id.Id);
            if (id.Name is { } name)
            {
                json.WriteString("name", name);
            }

            json.WriteString("message", message);
            WriteParts(json, state);
            if (fault is not null)
            {
                json.WriteString("error", fault.GetType().Name);
                if (isTraced)
                {
                    json.WriteString("trace", fault.ToString());
                }
            }

            json.WriteEndObject();
        }

        // What a peer chose as its name must not steer the screen on which the log is read.
        return SafeText.OfJson(Encoding.UTF8.GetString(output.WrittenSpan)) + "\n";
    }

    private static void WriteParts<TState>(Utf8JsonWriter json, TState state)
    {
        if (state is not IReadOnlyList<KeyValuePair<string, object?>> parts)
        {
            return;
        }

        json.WriteStartObject("parts");
        foreach (var (name, value) in parts)
        {
            switch (value)
            {
                case var _ when name == "{OriginalFormat}":
                    break;
                case long or int or ulong or uint:
                    json.WritePropertyName(JsonNamingPolicy.CamelCase.ConvertName(name));
                    json.WriteRawValue(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value}"));
                    break;
                default:
                    json.WriteString(JsonNamingPolicy.CamelCase.ConvertName(name), value?.ToString());
                    break;
            }
        }

        json.WriteEndObject();
    }

    private sealed class Category(ErrorLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= log.Least;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            var (now, message) = (DateTime.UtcNow, formatter(state, exception));
            log.Terminal.ErrorLine(log.IsJson
                ? log.JsonLine(now, logLevel, name, eventId, message, state, exception)
                : log.TextLine(now, logLevel, message, exception));
        }
    }

    private LogLevel Least => least;

    private bool IsJson => isJson;

    private Terminal Terminal => terminal;
}
