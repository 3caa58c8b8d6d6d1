using System.Text;
using Replica.PeerCli.Output.Qr;

namespace Replica.PeerCli.Output;

/// <summary>Where a command writes: results to the output, everything else to the error stream.</summary>
internal sealed class Terminal : IDisposable
{
    private const int BufferBytes = 32 * 1024;

    /// <summary>To the begin of the line, and nothing in it any more.</summary>
    private const string LineStart = "\r\e[2K";

    private readonly Stream _raw = Console.OpenStandardOutput();
    private readonly StreamWriter _output;
    private readonly StreamWriter _error;
    private readonly Lock _errorGate = new();
    private string _foot = "";

    /// <summary>Takes the process's streams.</summary>
    public Terminal()
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        _output = new StreamWriter(_raw, utf8, BufferBytes) { AutoFlush = false };
        _error = new StreamWriter(Console.OpenStandardError(), utf8, 256) { AutoFlush = true };
    }

    /// <summary>Whether results go to a person's screen.</summary>
    public bool OutputIsScreen { get; } = !Console.IsOutputRedirected;

    /// <summary>Whether remarks go to a person's screen.</summary>
    public bool ErrorIsScreen { get; } = !Console.IsErrorRedirected;

    /// <summary>Colours for results: on a screen that knows them, unless NO_COLOR is set.</summary>
    public Paint Paint { get; } = new(!Console.IsOutputRedirected && KnowsColours);

    /// <summary>Whether a bar that moves can be drawn on the error stream.</summary>
    public bool CanDraw { get; } = !Console.IsErrorRedirected && KnowsCursor;

    /// <summary>How many columns the screen has; plenty where that is not known.</summary>
    public int Width => OutputIsScreen && Console.WindowWidth is > 0 and var width ? width : int.MaxValue;

    private static bool KnowsCursor => Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    private static bool KnowsColours => KnowsCursor && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Where help and results are written as text.</summary>
    public TextWriter Output => _output;

    /// <summary>Where remarks are written.</summary>
    public TextWriter Error => _error;

    /// <summary>Writes one line of the result.</summary>
    public void Line(string text)
    {
        _output.Write(text);
        _output.Write('\n');
    }

    /// <summary>Writes one line of JSON that came from the home.</summary>
    public void JsonLine(string json) => Line(OutputIsScreen ? SafeText.OfJson(json) : json);

    /// <summary>Draws a text as a QR code, where it fits.</summary>
    public void Code(string text)
    {
        if (QrCode.TryCreate(text) is not { } code)
        {
            Remark("the text is too long for a QR code");
            return;
        }

        if (OutputIsScreen && Console.WindowWidth is > 0 and var width && width < QrText.Width(code))
        {
            Remark($"the QR code is {QrText.Width(code)} columns wide and the screen {width}: make the window larger and give --qr");
            return;
        }

        foreach (var line in QrText.Lines(code, OutputIsScreen))
        {
            Line(line);
        }
    }

    /// <summary>Writes one remark, each in its own line, under the program's name.</summary>
    public void Remark(string text) => ErrorLine($"replica: {SafeText.Of(text)}\n");

    /// <summary>Writes whole lines to the error stream, above the foot if there is one. Any thread may call.</summary>
    public void ErrorLine(string lines)
    {
        lock (_errorGate)
        {
            _error.Write(_foot.Length == 0 ? lines : LineStart + lines + _foot);
        }
    }

    /// <summary>Shows a line that stays the last one on the error stream, in place of the one before; empty takes it away.</summary>
    public void Foot(string text)
    {
        lock (_errorGate)
        {
            if (CanDraw && text != _foot)
            {
                // One column less than there is, or the screen would go on in the next line.
                var width = Console.WindowWidth is > 1 and var columns ? columns - 1 : int.MaxValue;
                _foot = text.Length > width ? text[..width] : text;
                _error.Write(LineStart + _foot);
            }
        }
    }

    /// <summary>The output as bytes; what was written as text before comes first.</summary>
    public Stream Bytes()
    {
        _output.Flush();
        return _raw;
    }

    /// <summary>Sends what is buffered on its way.</summary>
    public Task FlushAsync() => _output.FlushAsync();

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _output.Dispose();
        }
        catch (IOException)
        {
            // The reader of a pipe went away; there is nobody left to tell.
        }

        _error.Dispose();
    }
}
