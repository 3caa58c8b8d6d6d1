using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Replica.Crdt.Encoding;

namespace Replica.Web.Json;

/// <summary>Reads a file of JSON objects, one a line; blank lines are passed over.</summary>
public static class GraphLines
{
    /// <summary>The longest line in bytes; a change is far shorter, JSON's escapes included.</summary>
    public const int LineBytesMax = 4 * 1024 * 1024;

    private const int BufferBytes = 64 * 1024;

    /// <summary>Reads line by line in constant memory.</summary>
    /// <param name="stream">The lines; it stays open.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">The stream can't be read.</exception>
    /// <exception cref="InvalidDataException">A compressed stream is damaged.</exception>
    public static IAsyncEnumerable<GraphLine> ReadAsync(Stream stream, CancellationToken cancellationToken) =>
        ReadAsync(PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: BufferBytes, leaveOpen: true)), cancellationToken);

    /// <summary>Reads line by line in constant memory, and completes the reader at the end.</summary>
    /// <param name="reader">The lines.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">They can't be read.</exception>
    public static async IAsyncEnumerable<GraphLine> ReadAsync(PipeReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var line = 0L;
        var tooLong = false;
        SequencePosition? read = null;
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(cancellationToken);
                var buffer = result.Buffer;
                read = buffer.End;
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

                if (buffer.Length > LineBytesMax)
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

                    yield break;
                }

                reader.AdvanceTo(buffer.Start, buffer.End);
                read = null;
            }
        }
        finally
        {
            // Also when the caller has had enough: a reader that is left in the middle ends the connection that it reads.
            if (read is { } end)
            {
                reader.AdvanceTo(end);
            }

            await reader.CompleteAsync();
        }
    }

    private static GraphLine? Take(ReadOnlySequence<byte> bytes, long line, bool tooLong)
    {
        if (tooLong || bytes.Length > LineBytesMax)
        {
            return new(line, LineBytesMax, null, $"The line is longer than {LineBytesMax} bytes.");
        }

        return bytes.IsSingleSegment ? Parse(bytes.FirstSpan, line) : Parse(bytes.ToArray(), line);
    }

    private static GraphLine? Parse(ReadOnlySpan<byte> bytes, long line)
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
            return new(line, bytes.Length, mutation, null);
        }
        catch (EncodingException fault)
        {
            return new(line, bytes.Length, null, fault.Message);
        }
    }
}
