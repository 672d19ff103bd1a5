using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Parsing;

namespace JeanTrail.Kernel.Telemetry;

/// <summary>One event of the log as one line of JSON, scrubbed: time, level, source, message, the message's values, the exception.</summary>
internal sealed class JsonLogFormatter : ITextFormatter
{
    const int LongestText = 4000;
    const int LongestException = 16_000;

    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    // What ASP.NET Core adds to every line and nobody reads; the path may hold ids.
    static readonly HashSet<string> Noise = new(StringComparer.Ordinal)
    {
        "SourceContext", "{OriginalFormat}", "ConnectionId", "RequestId", "RequestPath", "ParentId", "TransportConnectionId", "Scope",
    };

    public void Format(LogEvent logEvent, TextWriter output)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("time"u8, logEvent.Timestamp.UtcDateTime);
            json.WriteString("level"u8, Level(logEvent.Level));
            if (logEvent.Properties.TryGetValue("SourceContext", out var source))
                json.WriteString("source"u8, Text(source));
            json.WriteString("message"u8, LogScrubber.Scrub(Message(logEvent), LongestText));
            if (logEvent.TraceId is { } trace)
                json.WriteString("traceId"u8, trace.ToString());
            foreach (var (name, value) in logEvent.Properties)
            {
                if (!Noise.Contains(name) && !LogScrubber.IsSecret(name))
                    WriteValue(json, name, value);
            }

            if (logEvent.Exception is { } exception)
                json.WriteString("exception"u8, LogScrubber.Scrub(exception.ToString(), LongestException));
            json.WriteEndObject();
        }

        output.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        output.Write('\n');
    }

    static void WriteValue(Utf8JsonWriter json, string name, LogEventPropertyValue value)
    {
        var key = JsonNamingPolicy.CamelCase.ConvertName(name);
        switch (value)
        {
            case ScalarValue { Value: null }:
                json.WriteNull(key);
                break;
            case ScalarValue { Value: int or long or short or byte } number:
                json.WriteNumber(key, Convert.ToInt64(number.Value, CultureInfo.InvariantCulture));
                break;
            case ScalarValue { Value: bool flag }:
                json.WriteBoolean(key, flag);
                break;
            default:
                json.WriteString(key, LogScrubber.Scrub(Text(value), LongestText));
                break;
        }
    }

    static string Text(LogEventPropertyValue value)
        => value is ScalarValue { Value: { } scalar } ? Convert.ToString(scalar, CultureInfo.InvariantCulture) ?? "" : value.ToString();

    /// <summary>The message as Microsoft.Extensions.Logging writes it; Serilog's own rendering puts quotes around every text.</summary>
    static string Message(LogEvent logEvent)
    {
        var message = new StringWriter(CultureInfo.InvariantCulture);
        foreach (var token in logEvent.MessageTemplate.Tokens)
        {
            if (token is PropertyToken property && logEvent.Properties.TryGetValue(property.PropertyName, out var value) && value is ScalarValue { Value: string text })
                message.Write(text);
            else
                token.Render(logEvent.Properties, message, CultureInfo.InvariantCulture);
        }

        return message.ToString();
    }

    static string Level(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => "trace",
        LogEventLevel.Debug => "debug",
        LogEventLevel.Information => "info",
        LogEventLevel.Warning => "warn",
        LogEventLevel.Error => "error",
        _ => "critical",
    };
}
