using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Replica.Crdt.Encoding;
using Replica.Web.Json;

namespace Replica.PeerCli.Import;

/// <summary>Reads a file of JSON objects, one a line; blank lines are passed over.</summary>
internal static class JsonLines
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>Reads line by line in constant memory.</summary>
    /// <exception cref="IOException">The stream can't be read.</exception>
    /// <exception cref="InvalidDataException">A compressed stream is damaged.</exception>
    public static async IAsyncEnumerable<ImportItem> ReadAsync(
        Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: BufferBytes, leaveOpen: true));
        var line = 0L;
        var tooLong = false;
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                line++;
                var item = Take(buffer.Slice(0, end), line, tooLong);
                buffer = buffer.Slice(buffer.GetPosition(1, end));
                tooLong = false;
                if (item is { } found)
                {
                    yield return found;
                }
            }

            if (buffer.Length > ImportLimits.LineBytesMax)
            {
                // The rest of the line is read and thrown away, so that the next one can be read.
                tooLong = true;
                buffer = buffer.Slice(buffer.End);
            }

            if (result.IsCompleted)
            {
                if ((tooLong || !buffer.IsEmpty) && Take(buffer, line + 1, tooLong) is { } last)
                {
                    yield return last;
                }

                break;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }

        await reader.CompleteAsync();
    }

    private static ImportItem? Take(ReadOnlySequence<byte> bytes, long line, bool tooLong)
    {
        if (tooLong || bytes.Length > ImportLimits.LineBytesMax)
        {
            return ImportItem.Bad(line, $"The line is longer than {ImportLimits.LineBytesMax} bytes.");
        }

        return bytes.IsSingleSegment ? Parse(bytes.FirstSpan, line) : Parse(bytes.ToArray(), line);
    }

    private static ImportItem? Parse(ReadOnlySpan<byte> bytes, long line)
    {
        ReadOnlySpan<byte> mark = [0xef, 0xbb, 0xbf];
        bytes = bytes.StartsWith(mark) && line == 1 ? bytes[mark.Length..] : bytes;
        bytes = bytes.Trim(" \t\r"u8);
        if (bytes.IsEmpty)
        {
            return null;
        }

        try
        {
            var mutation = GraphJson.Read(bytes);
            MutationLimits.Check(mutation);
            return ImportItem.Good(line, [mutation]);
        }
        catch (EncodingException fault)
        {
            return ImportItem.Bad(line, fault.Message);
        }
    }
}
