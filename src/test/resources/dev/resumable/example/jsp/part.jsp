<%@ page contentType="text/plain;charset=UTF-8" session="false" trimDirectiveWhitespaces="true" %>
<% response.setHeader("ETag", "\"part\""); response.setStatus(404); %>
part
